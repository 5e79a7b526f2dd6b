/**
 * The capture: from the first to the last event of any kind. Naming rows (domains, categories, threads) are no events, and
 * samples of counters are none either: they may start long before the program did.
 */
import { ns } from '../trace/units.ts'
import type { Ns } from '../trace/units.ts'
import { MarkKind } from '../trace/tables.ts'
import { derived } from './derived.ts'

/** [first start, last end] on the run's axis; undefined for a capture without events. */
export const captureWindow = derived((trace): readonly [Ns, Ns] | undefined => {
  const extents = [
    // An op with start = end = 0 is one whose times were not collected.
    extentOf(trace.device_op, true),
    ...[trace.api_call, trace.range, trace.os_call, trace.sync, trace.overhead].map((table) =>
      extentOf(table, false),
    ),
  ]
  let first = Math.min(...extents.map(([from]) => from))
  let last = Math.max(...extents.map(([, to]) => to))
  const { mark, memory_event: memory } = trace
  for (let i = 0; i < mark.length; i++)
    if (mark.kind[i] === MarkKind.mark) {
      first = Math.min(first, mark.time[i]!)
      last = Math.max(last, mark.time[i]!)
    }
  if (memory.length > 0) {
    first = Math.min(first, memory.time[0]!)
    last = Math.max(last, memory.time[memory.length - 1]!)
  }
  return first === Infinity ? undefined : [ns(first), ns(last)]
})

interface Spans {
  readonly start: Float64Array
  readonly duration: Float64Array
}

function extentOf({ start, duration }: Spans, skipsZero: boolean): [number, number] {
  let first = Infinity
  let last = -Infinity
  for (let i = 0; i < start.length; i++) {
    const from = start[i]!
    const to = from + duration[i]!
    if (skipsZero && from === 0 && to === 0) continue
    if (from < first) first = from
    if (to > last) last = to
  }
  return [first, last]
}
