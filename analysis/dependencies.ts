/**
 * What a stream was made to wait for: the CUDA event that cudaStreamWaitEvent names, the stream in which it was recorded, and
 * the op there that had to end first.
 *
 *   host        |launch A in s|record e in s|stream t waits for e|launch N in t|
 *   device 1 s    ..AAAAAAAAAAAAAAAAAAA              e is reached when A ends
 *   device 0 t    KKKK                 .N            N could not start before: that part of the gap is a dependency
 *
 * A stream works in order, so an event is reached no sooner than what was submitted to its stream before it has ended, and,
 * where that stream itself was made to wait, no sooner than that. Calls of two threads are in order only if one had returned
 * before the other began: what overlaps proves nothing, and each bound is the least that is proved.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { recordWaitedFor } from './event-records.ts'
import { endOf, lastSubmitted, nextSubmitted } from './stream-work.ts'

/** Before `until` the awaited work had not ended. */
interface Bound {
  until: number
  /** Row of device_op that ends then; NONE where only the event's own time tells. */
  on: number
}

/** Why an op could not start earlier. */
export interface Dependency extends Bound {
  /** Row of api_call: the call that made the op's stream wait. */
  wait: number
}

export interface Dependencies {
  /** By op: the first of its stream after the wait. */
  proved: ReadonlyMap<number, Dependency>
  /** The same where the event's record is not known: row of the call that made the stream wait. */
  unproved: ReadonlyMap<number, number>
}

const NOTHING: Dependencies = { proved: new Map(), unproved: new Map() }

/**
 * The dependencies of all ops. Empty without a look where none can lie in a gap: a gap is of the whole device, so what was
 * awaited in it ran on another one, or else only the event's own time shows it.
 */
export const dependencies = derived((trace): Dependencies => {
  const { device_op: ops, cuda_event: events } = trace
  const isAlone = ops.device.every((device) => device === ops.device[0])
  if (isAlone && events.time === undefined) return NOTHING
  const waits = streamWaits(trace)
  return waits.length === 0 ? NOTHING : dependenciesOf(trace, waits)
})

/** Rows of sync that make a stream wait for an event, in the order of their calls. */
function streamWaits({ sync, api_call: api, strings }: Trace): number[] {
  const { apiCall, stream } = sync
  if (apiCall === undefined || stream === undefined) return []
  const isWait = strings.map((name) => /^(cuda|cu|hip)StreamWaitEvent/.test(name))
  const rows: number[] = []
  for (let row = 0; row < sync.length; row++)
    if (apiCall[row] !== NONE && stream[row] !== NONE && isWait[api.name[apiCall[row]!]!]) rows.push(row)
  return rows.sort((a, b) => apiCall[a]! - apiCall[b]!)
}

function dependenciesOf(trace: Trace, waits: readonly number[]): Dependencies {
  const { sync, api_call: api } = trace
  const proved = new Map<number, Dependency>()
  const unproved = new Map<number, number>()
  /** What each stream stands behind after each of its waits, those before it included. */
  const laid = new Map<number, Dependency[]>()
  for (const row of waits) {
    const stream = sync.stream![row]!
    const wait = sync.apiCall![row]!
    const record = recordWaitedFor(trace, row)
    const bound = record === undefined ? undefined : boundOf(trace, record, laid)
    const next = nextSubmitted(trace, stream, endOf(api, wait))
    if (bound === undefined) {
      if (next !== NONE) unproved.set(next, wait)
      continue
    }
    const before = laid.get(stream) ?? []
    const previous = before.at(-1)
    const isAfter = previous !== undefined && endOf(api, previous.wait) <= api.start[wait]!
    laid.set(stream, before)
    before.push({ ...later(isAfter ? previous : undefined, bound), wait })
    if (next !== NONE && (proved.get(next)?.until ?? -Infinity) < bound.until)
      proved.set(next, { ...bound, wait })
  }
  for (const op of proved.keys()) unproved.delete(op)
  return { proved, unproved }
}

/** The least that is proved of when a recorded event was reached; undefined where nothing is. */
function boundOf(
  trace: Trace,
  record: number,
  laid: ReadonlyMap<number, readonly Dependency[]>,
): Bound | undefined {
  const { cuda_event: events, api_call: api, device_op: ops } = trace
  const stream = events.stream[record]!
  const at = api.start[events.apiCall![record]!]!
  const last = lastSubmitted(trace, stream, at)
  const time = events.time?.[record] ?? NaN
  let bound: Bound | undefined = laid.get(stream)?.findLast(({ wait }) => endOf(api, wait) <= at)
  if (last !== NONE) bound = later(bound, { until: endOf(ops, last), on: last })
  return Number.isNaN(time) ? bound : later(bound, { until: time, on: NONE })
}

const later = (a: Bound | undefined, { until, on }: Bound): Bound =>
  a !== undefined && a.until >= until ? { until: a.until, on: a.on } : { until, on }
