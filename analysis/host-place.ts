/**
 * Where a thread was while no record says what it did: the innermost range that contains the stretch, else the calls before
 * and after it.
 *
 *   nvtx  |------------- step --------------|
 *   nvtx     |- embed -|   |--- layer ---|
 *   host       ~~~~          ~~~               embed · layer
 *   host             ~~~~~~~~                  step: none inside contains all of it
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { RowList } from './row-list.ts'
import { lastAtOrBefore } from './clip.ts'
import { activityOf } from './thread-activity.ts'

/** Row of the innermost range of a thread around [from, to]; NONE where there is none. */
export function rangeAround(trace: Trace, thread: number, from: number, to: number): number {
  const { start, duration, endThread, parent } = trace.range
  const { rows, starts } = rangesOfThreads(trace)[thread]!
  const last = lastAtOrBefore(starts, from)
  if (last < 0) return NONE
  for (let row = rows[last]!; row !== NONE; row = parent?.[row] ?? NONE)
    if (start[row]! + duration[row]! >= to && (endThread?.[row] ?? NONE) === NONE) return row
  return NONE
}

/** Rows of the thread's last call that began before a time and the first one after it; NONE where there is none. */
export function callsAround(trace: Trace, thread: number, at: number): { before: number; after: number } {
  const { api } = activityOf(trace, thread)
  const next = api.firstEndingAfter(at)
  return {
    before: next === 0 ? NONE : api.rowOf(next - 1),
    after: next === api.length ? NONE : api.rowOf(next),
  }
}

/** Rows of the ranges of each thread, ascending, and when they start. */
const rangesOfThreads = derived((trace) => {
  const { start, thread, length } = trace.range
  const lists = Array.from({ length: trace.thread.length }, () => new RowList())
  for (let row = 0; row < length; row++) lists[thread[row]!]!.add(row)
  return lists.map((list) => {
    const rows = list.finish()
    return { rows, starts: Float64Array.from(rows, (row) => start[row]!) }
  })
})
