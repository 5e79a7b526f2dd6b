import { callName } from '../../trace/call-name.ts'

/**
 * A name as it is written on a span, where room is short. The whole one stands in the details.
 *
 *   cudaLaunchKernel_v7000                       cudaLaunchKernel
 *   void at::native::reduce<512, 1>(Params)      at::native::reduce<512, 1>
 */
export function displayName(name: string): string {
  const call = callName(name)
  if (call !== name) return call
  // Only what is written like a C++ function has arguments; "forward (warm)" is a name.
  if (!name.endsWith(')') || !/::|<|^void /.test(name)) return name
  return withoutArguments(name.startsWith('void ') ? name.slice(5) : name)
}

/** Takes off the last parenthesis, with what is inside of it; a name that is nothing else stays. */
function withoutArguments(name: string): string {
  let depth = 0
  for (let i = name.length - 1; i > 0; i--) {
    if (name[i] === ')') depth++
    else if (name[i] === '(' && --depth === 0) return name.slice(0, i).trimEnd() || name
  }
  return name
}
