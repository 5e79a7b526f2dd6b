/**
 * Facts computed from a trace once and shared by analyses: `const opsOf = derived((trace) => …)`.
 * The answer lives as long as the trace does.
 */
import type { Trace } from '../trace/trace.ts'

/** Memoises a pure function of a trace. */
export function derived<T>(compute: (trace: Trace) => T): (trace: Trace) => T {
  const known = new WeakMap<Trace, { value: T }>()
  return (trace) => {
    let entry = known.get(trace)
    if (entry === undefined) known.set(trace, (entry = { value: compute(trace) }))
    return entry.value
  }
}
