/**
 * Whether the first iteration was warm-up, and what tells: module loading, allocation, or its length stands out.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { apiKindOfName } from './api-kind.ts'
import type { Iteration } from './iterations.ts'
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
      reasons.push(`${what}: ${ms(mine)} in its range, ${ms(usual)} in the median of the others`)
  }
  for (const [what, of] of [
    ['device span', (one: Iteration) => one.wall],
    ['CPU range', (one: Iteration) => one.cpuDuration],
  ] as const) {
    const usual = median(others.map(of))
    if (usual > 0 && of(first) > LONGER * usual)
      reasons.push(`${what}: ${ms(of(first))}, ${ms(usual)} in the median of the others`)
  }
  return reasons
}

const ms = (duration: number): string => `${(duration / 1e6).toFixed(1)} ms`

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
  const { api_call: api } = trace
  const kindOf = apiKindOfName(trace)
  return timeInside(
    api,
    iteration,
    (row) =>
      api.thread[row] === trace.range.thread[iteration.range] && kindOf(api.name[row]!) === 'alloc',
  )
}

function timeInside(
  table: { length: number; start: Float64Array; duration: Float64Array },
  iteration: Iteration,
  wanted: (row: number) => boolean,
): number {
  const from = iteration.cpuStart
  const to = from + iteration.cpuDuration
  let low = 0
  let high = table.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (table.start[middle]! < from) low = middle + 1
    else high = middle
  }
  let sum = 0
  for (let row = low; row < table.length && table.start[row]! < to; row++)
    if (wanted(row)) sum += table.duration[row]!
  return sum
}
