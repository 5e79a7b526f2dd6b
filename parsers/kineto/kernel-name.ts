/**
 * The base name of a kernel, as nsys' shortName has it: without its namespaces, template arguments, parameters and result.
 *
 *   void at::native::(anonymous namespace)::CatArrayBatchedCopy<at::native::Tag<4u>, 2>(…)   →   CatArrayBatchedCopy
 */
const LAMBDA = /\{lambda/

/** The base name; a name that is not demangled C++ (Triton, cuBLAS) is its own. */
export function baseName(name: string): string {
  if (!/[<(:]/.test(name)) return name
  const flat = withoutArguments(name.replaceAll('(anonymous namespace)', '_'))
  const words = flat.trim().split(/::|\s+/)
  const last = words.findLast((word) => word !== '' && word !== 'const')
  return last === undefined || last === 'operator' || last === 'decltype' || LAMBDA.test(last) ? name : last
}

/** Drops <…> and cuts at the parameter list: the first "(" outside of them. */
function withoutArguments(name: string): string {
  let kept = ''
  let depth = 0
  for (const letter of name) {
    if (letter === '<') depth++
    else if (letter === '>') depth = Math.max(0, depth - 1)
    else if (depth > 0) continue
    else if (letter === '(' && kept.trim() !== '') break
    else kept += letter
  }
  return kept
}
