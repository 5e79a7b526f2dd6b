/**
 * Which record of a CUDA event a wait waits for: the latest before it. Newer sources number every record and repeat the number
 * in the wait; elsewhere it follows from the event's id and the order of the calls, unless that leaves a doubt:
 *
 *   host 1   |record e| |record e …|         a record that overlaps the wait, or the record before it: either may be meant
 *   host 2                    |wait e|
 *
 * A record without a row (of a graph that is being captured) may be of any event of its process, and an id that two contexts
 * use may be either's.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { endOf } from './stream-work.ts'

interface Records {
  /** Rows of cuda_event by process and the record's own number. */
  byNumber: ReadonlyMap<string, number>
  /** By process and event: rows in the order of their calls. */
  byEvent: ReadonlyMap<string, readonly number[]>
  /** Events, as above, of which two contexts have one. */
  shared: ReadonlySet<string>
  /** Calls of each process that recorded some event without a row that tells which, in order. */
  untold: ReadonlyMap<number, readonly number[]>
}

const recordsOf = derived((trace: Trace): Records => {
  const { cuda_event: events, stream } = trace
  const byNumber = new Map<string, number>()
  const byEvent = new Map<string, number[]>()
  const shared = new Set<string>()
  for (let row = 0; row < events.length; row++) {
    if ((events.apiCall?.[row] ?? NONE) === NONE) continue
    const process = events.process[row]!
    const number = events.record?.[row] ?? NONE
    if (number !== NONE) byNumber.set(`${process} ${number}`, row)
    const key = `${process} ${events.event[row]}`
    const known = byEvent.get(key)
    if (known === undefined) byEvent.set(key, [row])
    else {
      const contextOf = (one: number): number => stream.context[events.stream[one]!]!
      if (contextOf(known[0]!) !== contextOf(row)) shared.add(key)
      known.push(row)
    }
  }
  for (const rows of byEvent.values()) rows.sort((a, b) => events.apiCall![a]! - events.apiCall![b]!)
  return { byNumber, byEvent, shared, untold: untoldRecords(trace) }
})

function untoldRecords({ cuda_event: events, api_call: api, thread, strings }: Trace): Map<number, number[]> {
  const records = strings.map((name) => /^cu(da)?EventRecord/.test(name))
  const told = new Set(events.apiCall)
  const untold = new Map<number, number[]>()
  for (let call = 0; call < api.length; call++) {
    if (!records[api.name[call]!] || told.has(call)) continue
    const process = thread.process[api.thread[call]!]!
    const known = untold.get(process)
    if (known === undefined) untold.set(process, [call])
    else known.push(call)
  }
  return untold
}

/** Row of cuda_event that a wait (a row of sync with a call) waits for; undefined where the trace leaves it open. */
export function recordWaitedFor(trace: Trace, wait: number): number | undefined {
  const { sync, cuda_event: events, api_call: api } = trace
  const { byNumber, byEvent, shared, untold } = recordsOf(trace)
  const process = sync.process[wait]!
  const number = sync.record?.[wait] ?? NONE
  if (number !== NONE && byNumber.has(`${process} ${number}`)) return byNumber.get(`${process} ${number}`)
  const key = `${process} ${sync.event?.[wait]}`
  const rows = byEvent.get(key) ?? []
  const call = sync.apiCall![wait]!
  const last = rows.findLastIndex((row) => events.apiCall![row]! < call)
  const row = rows[last]
  if (row === undefined || shared.has(key)) return undefined
  const record = events.apiCall![row]!
  const previous = rows[last - 1]
  const isOpen =
    endOf(api, record) > api.start[call]! ||
    (previous !== undefined && endOf(api, events.apiCall![previous]!) > api.start[record]!)
  // Later rows begin later, but may begin inside the wait's own call.
  const next = rows[last + 1]
  const isOverlapped = next !== undefined && api.start[events.apiCall![next]!]! < endOf(api, call)
  const isDoubtful = (untold.get(process) ?? []).some(
    (other) => endOf(api, other) > api.start[record]! && api.start[other]! < endOf(api, call),
  )
  return isOpen || isOverlapped || isDoubtful ? undefined : row
}
