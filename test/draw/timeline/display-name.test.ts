import { expect, test } from 'vitest'
import { displayName } from '../../../draw/timeline/display-name.ts'

test.each([
  ['cudaLaunchKernel_v7000', 'cudaLaunchKernel'],
  ['cudaGraphLaunch_v10000', 'cudaGraphLaunch'],
  ['cuLaunchKernelEx', 'cuLaunchKernelEx'],
  ['void at::native::reduce<512, (bool)1>(Params, int (*)(int))', 'at::native::reduce<512, (bool)1>'],
  ['[CUDA memcpy Device-to-Host]', '[CUDA memcpy Device-to-Host]'],
  ['forward (warm)', 'forward (warm)'],
  ['(anonymous)', '(anonymous)'],
])('%s is written %s', (name, shown) => {
  expect(displayName(name)).toBe(shown)
})
