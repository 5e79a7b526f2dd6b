/**
 * Kernels by the range that launched them. A kernel counts under every range around its launch; one outside all ranges, or
 * without a launch, stands on a row without a range.
 */
import { NONE } from '../../trace/column.ts'
import { durationColumns, orNull, tenthsOrNull } from './duration-summary.ts'
import { enclosing } from './enclosing-ranges.ts'
import { groupRows } from './groups.ts'
import { nameKeys, nameText } from './names.ts'
import { KERNEL, NVTX, RUNTIME } from './needs.ts'
import { nvtxRanges, STYLES } from './nvtx-ranges.ts'
import { integers, listed, report, texts } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { statisticsOf } from './statistics.ts'
import { callChains } from './launch-pairs.ts'
import { kernelRows, processOfOp } from './work-rows.ts'
import type { Trace } from '../../trace/trace.ts'

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
    const { op, thread: threads, range: rangeOf } = kernelsInRanges(trace)
    const { device_op: ops, thread, process } = trace
    const ranges = nvtxRanges(trace)
    const keys = nameKeys(trace)
    const length = op.length
    const names = new Uint32Array(length)
    const styles = new Uint32Array(length)
    const kernels = new Uint32Array(length)
    const durations = new Float64Array(length)
    for (let i = 0; i < length; i++) {
      const range = rangeOf[i]!
      names[i] = range === NONE ? NONE : ranges.name[range]!
      styles[i] = range === NONE ? NONE : ranges.style[range]!
      kernels[i] = keys[ops.name[op[i]!]!]!
      durations[i] = ops.duration[op[i]!]!
    }
    const groups = groupRows(length, [names, styles, threads, kernels])
    const s = statisticsOf(durations, groups)
    const instances = distinct(groups.of, rangeOf, groups.count)
    const launched = distinct(groups.of, op, groups.count)
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

/** Each kernel with each call it joins and each range around that call; NONE where there is no range, or no call. */
function kernelsInRanges(trace: Trace): { op: number[]; thread: Uint32Array; range: Uint32Array } {
  const { device_op: ops, api_call: api } = trace
  const chains = callChains(trace)
  const { first, ranges } = enclosing(trace)
  const op: number[] = []
  const thread: number[] = []
  const range: number[] = []
  const add = (row: number, launcher: number, around: number): void => {
    op.push(row)
    thread.push(launcher)
    range.push(around)
  }
  for (const row of kernelRows(trace)) {
    let call = chains.first(processOfOp(trace, row), ops.correlation?.[row] ?? NONE)
    if (call === NONE) add(row, NONE, NONE)
    for (; call !== NONE; call = chains.next[call]!) {
      const launcher = api.thread[call]!
      if (first[call] === first[call + 1]) add(row, launcher, NONE)
      for (let k = first[call]!; k < first[call + 1]!; k++) add(row, launcher, ranges[k]!)
    }
  }
  return { op, thread: Uint32Array.from(thread), range: Uint32Array.from(range) }
}

/** How many different values (NONE apart) each group has. */
function distinct(groupOf: Uint32Array, values: ArrayLike<number>, groups: number): Uint32Array {
  const counts = new Uint32Array(groups)
  const pairs = groupRows(groupOf.length, [groupOf, Uint32Array.from(values)])
  for (const row of pairs.first) if (values[row] !== NONE) counts[groupOf[row]!]!++
  return counts
}
