/**
 * Whether the first iteration was warm-up, and what tells: module loading, allocation, or its length stands out.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { apiKinds } from './api-kind.ts'
import type { Iteration } from './iterations.ts'
import { durationText } from './duration-text.ts'
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
      reasons.push(
        `${what}: ${durationText(mine)} in its range, ${durationText(usual)} in the median of the others`,
      )
  }
  for (const [what, of] of [
    ['device span', (one: Iteration) => one.wall],
    ['CPU range', (one: Iteration) => one.cpuDuration],
  ] as const) {
    const usual = median(others.map(of))
    if (usual > 0 && of(first) > LONGER * usual)
      reasons.push(`${what}: ${durationText(of(first))}, ${durationText(usual)} in the median of the others`)
  }
  return reasons
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function loadingTime(trace: Trace, iteration: Iteration): number {
  return timeInside(trace.overhead, iteration, (row) => {
    const thread = trace.overhead.thread?.[row] ?? NONE
    return (thread === NONE || thread === trace.range.thread[iteration.range]) && isLoading(trace, row)
  })
}

function allocationTime(trace: Trace, iteration: Iteration): number {
  const { thread, name } = trace.api_call
  const kinds = apiKinds(trace)
  const mine = trace.range.thread[iteration.range]
  return timeInside(trace.api_call, iteration, (row) => thread[row] === mine && kinds[name[row]!] === 'alloc')
}

function timeInside(
  table: { start: Float64Array; duration: Float64Array },
  iteration: Iteration,
  wanted: (row: number) => boolean,
): number {
  const from = iteration.cpuStart
  const to = from + iteration.cpuDuration
  const { start, duration } = table
  let low = 0
  let high = start.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[middle]! < from) low = middle + 1
    else high = middle
  }
  let sum = 0
  for (let row = low; row < start.length && start[row]! < to; row++) if (wanted(row)) sum += duration[row]!
  return sum
}
