/** Kernels by name. */
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { KERNEL } from './needs.ts'
import { report, texts } from './report.ts'
import { taken } from '../rows.ts'
import { kernelRows, nameKeysOf, opName } from './work-rows.ts'

export const cudaGpuKernSum = report({
  id: 'cuda_gpu_kern_sum',
  title: 'Kernel summary',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { table: KERNEL }],
  parameters: {},
  columns: [...durationColumns('Instances'), ...texts('Name')],
  rows: (trace) => {
    const kernels = kernelRows(trace)
    const { duration } = trace.device_op
    return durationSummary(
      taken(duration, kernels),
      groupRows(kernels.length, [nameKeysOf(trace, kernels)]),
      (row) => [opName(trace, kernels[row]!)],
    )
  },
})
