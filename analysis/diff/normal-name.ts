/**
 * A kernel's name without what changes from build to build: template arguments, parameter lists, tile sizes.
 *
 *   void at::native::reduce_kernel<(int)512, (int)1, at::native::ReduceOp<…>>(T3)   →   at::native::reduce_kernel
 *   ampere_bf16_s16816gemm_bf16_128x128_ldg8_f2f_stages_32x5_tn                     →   ampere_bf16_s#gemm_bf16_#x#_ldg#_…
 */
export function normalName(name: string): string {
  let plain = ''
  let depth = 0
  for (const letter of name.replace(/^void /, '').replaceAll(/operator(<<|>>|<|>)/g, 'operator')) {
    if (letter === '<') depth++
    else if (letter === '>') depth = Math.max(0, depth - 1)
    else if (depth === 0) plain += letter
  }
  return plain.replaceAll('(anonymous namespace)', '').replace(/\(.*$/s, '').replaceAll(/\d+/g, '#').trim()
}
