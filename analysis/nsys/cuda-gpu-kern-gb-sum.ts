/** Kernels by name, grid and block. */
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { KERNEL } from './needs.ts'
import { report, texts } from './report.ts'
import { taken, takenIfAny } from '../rows.ts'
import { dimensions, kernelRows, nameKeysOf, opName } from './work-rows.ts'

export const cudaGpuKernGbSum = report({
  id: 'cuda_gpu_kern_gb_sum',
  title: 'Kernel summary by grid and block',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { table: KERNEL }],
  parameters: {},
  columns: [...durationColumns('Instances'), ...texts('GridXYZ', 'BlockXYZ', 'Name')],
  rows: (trace) => {
    const kernels = kernelRows(trace)
    const { duration, gridX, gridY, gridZ, blockX, blockY, blockZ } = trace.device_op
    const sizes = [gridX, gridY, gridZ, blockX, blockY, blockZ].map((column) => takenIfAny(column, kernels))
    const groups = groupRows(kernels.length, [nameKeysOf(trace, kernels), ...sizes])
    const sizeOf = (row: number, from: number): string =>
      dimensions(sizes[from]![row]!, sizes[from + 1]![row]!, sizes[from + 2]![row]!)
    return durationSummary(taken(duration, kernels), groups, (row) => [
      sizeOf(row, 0),
      sizeOf(row, 3),
      opName(trace, kernels[row]!),
    ])
  },
})
