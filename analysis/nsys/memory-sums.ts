/** Copies and sets by direction: their times and their sizes. A copy whose kind has no label is left out. */
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { COPY_LABELS, MEMCPY, MEMSET } from './needs.ts'
import { integers, listed, report, texts, thousandths } from './report.ts'
import { taken } from '../rows.ts'
import { statisticsOf } from '../statistics.ts'
import { memoryRows, opName } from './work-rows.ts'

const NEEDS = [{ anyOf: [MEMCPY, MEMSET] }, { table: COPY_LABELS, ifAny: [MEMCPY] }] as const
const BYTES_PER_MB = 1e6

export const cudaGpuMemTimeSum = report({
  id: 'cuda_gpu_mem_time_sum',
  title: 'GPU memory operations by time',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [...durationColumns('Count'), ...texts('Operation')],
  rows: (trace) => {
    const rows = memoryRows(trace)
    const groups = groupRows(rows.length, [taken(trace.device_op.name, rows)])
    return durationSummary(taken(trace.device_op.duration, rows), groups, (row) => [
      opName(trace, rows[row]!),
    ])
  },
})

export const cudaGpuMemSizeSum = report({
  id: 'cuda_gpu_mem_size_sum',
  title: 'GPU memory operations by size',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [
    ...thousandths('Total (MB)'),
    ...integers('Count'),
    ...thousandths('Avg (MB)', 'Med (MB)', 'Min (MB)', 'Max (MB)', 'StdDev (MB)'),
    ...texts('Operation'),
  ],
  rows: (trace) => {
    const rows = memoryRows(trace)
    const { bytes, name } = trace.device_op
    const groups = groupRows(rows.length, [taken(name, rows)])
    const sizes = bytes === undefined ? new Float64Array(rows.length) : taken(bytes, rows)
    const s = statisticsOf(sizes, groups)
    const order = Array.from(groups.first.keys()).sort((a, b) => s.total[b]! - s.total[a]!)
    return listed(
      order.map((g) => [
        s.total[g]! / BYTES_PER_MB,
        s.count[g]!,
        s.average[g]! / BYTES_PER_MB,
        s.median[g]! / BYTES_PER_MB,
        s.minimum[g]! / BYTES_PER_MB,
        s.maximum[g]! / BYTES_PER_MB,
        s.deviation[g]! / BYTES_PER_MB,
        opName(trace, rows[groups.first[g]!]!),
      ]),
    )
  },
})
