/**
 * Whether the first iteration was warm-up, and what tells: module loading, allocation, or its length stands out.
 */
import { formatNs } from '../trace/number-format.ts'
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { callsOfKinds } from './api-kind.ts'
import { derived } from './derived.ts'
import type { Iteration } from './iterations.ts'
import { rowsWhere } from './rows.ts'
import { isLoading } from './thread-activity.ts'

/** Loading or allocating for more than this share of the iteration counts as standing out … */
const SHARE = 0.02
/** … if the median of the others does it at least this many times less. */
const TIMES = 5
/** The first is long if it is this many times the median of the others. */
const LONGER = 1.2

/** Reasons in words; empty when the first iteration is like the others, or there is only one. */
export function warmUpReasons(trace: Trace, iterations: readonly Iteration[]): string[] {
  const [first, ...others] = iterations
  if (first === undefined || others.length === 0) return []
  const reasons: string[] = []
  for (const [what, timeOf] of [
    ['module loading', loadingTime],
    ['memory allocation', allocationTime],
  ] as const) {
    const mine = timeOf(trace, first)
    const usual = median(others.map((one) => timeOf(trace, one)))
    if (mine > SHARE * first.cpuDuration && mine >= TIMES * usual)
      reasons.push(`${what}: ${formatNs(mine)} in its range, ${formatNs(usual)} in the median of the others`)
  }
  for (const [what, of] of [
    ['device span', (one: Iteration) => one.wall],
    ['CPU range', (one: Iteration) => one.cpuDuration],
  ] as const) {
    const usual = median(others.map(of))
    if (usual > 0 && of(first) > LONGER * usual)
      reasons.push(`${what}: ${formatNs(of(first))}, ${formatNs(usual)} in the median of the others`)
  }
  return reasons
}

/** The lower one, as that of the representative iteration. */
const median = (values: number[]): number => values.sort((a, b) => a - b)[(values.length - 1) >> 1]!

function loadingTime(trace: Trace, iteration: Iteration): number {
  const { overhead } = trace
  const mine = trace.range.thread[iteration.range]
  return timeInside(overhead, loadingRows(trace), iteration, (row) => {
    const thread = overhead.thread?.[row] ?? NONE
    return thread === NONE || thread === mine
  })
}

function allocationTime(trace: Trace, iteration: Iteration): number {
  const { thread } = trace.api_call
  const mine = trace.range.thread[iteration.range]
  return timeInside(trace.api_call, allocatingCalls(trace), iteration, (row) => thread[row] === mine)
}

const loadingRows = derived((trace) => rowsWhere(trace.overhead.length, (row) => isLoading(trace, row)))
const allocatingCalls = derived((trace) => callsOfKinds(trace, ['alloc']))

/** Σ of the durations of those of some rows, ascending, that began in the iteration's CPU range. */
function timeInside(
  { start, duration }: { start: Float64Array; duration: Float64Array },
  rows: Uint32Array,
  { cpuStart, cpuDuration }: Iteration,
  isMine: (row: number) => boolean,
): number {
  const to = cpuStart + cpuDuration
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[rows[middle]!]! < cpuStart) low = middle + 1
    else high = middle
  }
  let sum = 0
  for (let i = low; i < rows.length && start[rows[i]!]! < to; i++)
    if (isMine(rows[i]!)) sum += duration[rows[i]!]!
  return sum
}
