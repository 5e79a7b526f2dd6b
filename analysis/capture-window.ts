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
  let first = Infinity
  let last = -Infinity
  for (const table of [
    trace.device_op,
    trace.api_call,
    trace.range,
    trace.os_call,
    trace.sync,
    trace.overhead,
  ])
    for (let i = 0; i < table.length; i++) {
      const start = table.start[i]!
      const end = start + table.duration[i]!
      // An op with start = end = 0 is one whose times were not collected.
      if (end === 0 && start === 0 && table === trace.device_op) continue
      if (start < first) first = start
      if (end > last) last = end
    }
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
