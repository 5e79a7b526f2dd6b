/**
 * Kernels by the range that launched them. A kernel counts under every range around its launch; one outside all ranges, or
 * without a launch, stands on a row without a range.
 */
import { NONE } from '../../trace/column.ts'
import { durationColumns, orNull, tenthsOrNull } from './duration-summary.ts'
import { groupRows, rowsByGroup } from '../groups.ts'
import type { Groups } from '../groups.ts'
import { nameText } from './names.ts'
import { KERNEL, NVTX, RUNTIME } from './needs.ts'
import { nvtxRanges, STYLES } from './nvtx-ranges.ts'
import { integers, listed, report, texts } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { statisticsOf } from '../statistics.ts'
import { kernelsInRanges } from './launched-kernels.ts'
import { nameKeysOf } from './work-rows.ts'
import { idColumn, taken } from '../rows.ts'

export const nvtxKernSum = report({
  id: 'nvtx_kern_sum',
  title: 'NVTX range kernel summary',
  kind: 'report',
  needs: [
    { table: 'StringIds' },
    { table: KERNEL },
    { table: RUNTIME },
    { table: NVTX },
    { column: 'globalPid', of: [KERNEL] },
  ],
  parameters: {},
  columns: [
    ...texts('NVTX Range', 'Style'),
    ...integers('PID', 'TID', 'NVTX Inst', 'Kern Inst', 'Total Time (ns)'),
    ...durationColumns('').slice(3),
    ...texts('Kernel Name'),
  ],
  rows: (trace) => {
    const { length, op, thread: threads, range: rangeOf } = kernelsInRanges(trace)
    const { device_op: ops, thread, process } = trace
    const ranges = nvtxRanges(trace)
    const names = idColumn(length, (i) => (rangeOf[i] === NONE ? NONE : ranges.name[rangeOf[i]!]!))
    const styles = idColumn(length, (i) => (rangeOf[i] === NONE ? NONE : ranges.style[rangeOf[i]!]!))
    const kernels = nameKeysOf(trace, op)
    const groups = groupRows(length, [names, styles, threads, kernels])
    const s = statisticsOf(taken(ops.duration, op), groups)
    const instances = distinct(groups, rangeOf, ranges.length)
    const launched = launchedKernels(groups, op)
    const pidOf = (i: number): number =>
      threads[i] === NONE ? -1 : process.pid[thread.process[threads[i]!]!]!
    const tidOf = (i: number): number => (threads[i] === NONE ? -1 : thread.tid[threads[i]!]!)
    // By range, process and thread, absent ones first; then the longest.
    const order = Array.from(groups.first.keys()).sort((a, b) => {
      const [i, j] = [groups.first[a]!, groups.first[b]!]
      return (
        compareNames(ranges.names[names[i]!] ?? null, ranges.names[names[j]!] ?? null) ||
        pidOf(i) - pidOf(j) ||
        tidOf(i) - tidOf(j) ||
        s.total[b]! - s.total[a]!
      )
    })
    return listed(
      order.map((g) => {
        const i = groups.first[g]!
        const row = threads[i]!
        return [
          names[i] === NONE ? null : ranges.names[names[i]!]!,
          styles[i] === NONE ? null : STYLES[styles[i]!]!,
          row === NONE ? null : process.pid[thread.process[row]!]!,
          row === NONE ? null : thread.tid[row]!,
          instances[g]!,
          launched[g]!,
          s.total[g]!,
          tenthsOrNull(s.average[g]!),
          tenthsOrNull(s.median[g]!),
          orNull(s.minimum[g]!),
          orNull(s.maximum[g]!),
          roundToTenths(s.deviation[g]!),
          nameText(trace, kernels[i]),
        ]
      }),
    )
  },
})

function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  return a < b ? -1 : a > b ? 1 : 0
}

/** How many different kernels each group has: rows of one kernel stand side by side. */
function launchedKernels(groups: Groups, op: Uint32Array): Uint32Array {
  const counts = new Uint32Array(groups.count)
  const latest = new Uint32Array(groups.count).fill(NONE)
  for (let i = 0; i < op.length; i++) {
    const group = groups.of[i]!
    if (op[i] === latest[group]) continue
    latest[group] = op[i]!
    counts[group]!++
  }
  return counts
}

/** How many different ranges (NONE apart) each group has. */
function distinct(groups: Groups, ranges: Uint32Array, count: number): Uint32Array {
  const counts = new Uint32Array(groups.count)
  const { first, order } = rowsByGroup(groups)
  // Group by group, the group that last had a range tells whether it is new.
  const latest = new Uint32Array(count).fill(NONE)
  for (let group = 0; group < groups.count; group++)
    for (let i = first[group]!; i < first[group + 1]!; i++) {
      const range = ranges[order[i]!]!
      if (range === NONE || latest[range] === group) continue
      latest[range] = group
      counts[group]!++
    }
  return counts
}
