/**
 * What a span counts as on the timeline, so that a bucket can say which class dominates it.
 *
 * Work on a device has the ledger's owners. Calls have a few kinds of their own; of those that wait it is said.
 */
import { NONE } from '../../trace/column.ts'
import { OverheadSource } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { apiKind, waitsInOs } from '../api-kind.ts'
import type { ApiKind } from '../api-kind.ts'
import { FIRST_IDLE, OWNERS } from '../ownership.ts'

/** Ranges are told apart by depth and name, not by class. */
export const rangeClasses = ['range']

/** Of device ops: as numbered by classOfOps. */
export const busyOwners = OWNERS.slice(0, FIRST_IDLE)
/** Of idle time: the ledger's causes, numbered from 0. */
export const idleOwners = OWNERS.slice(FIRST_IDLE)

const API_KINDS: readonly ApiKind[] = ['launch', 'sync', 'alloc', 'blocking-copy', 'other']
export const apiClasses = API_KINDS.map((kind) => `api/${kind}`)
/** Class of an API call by its name. */
export const apiClass = (name: string): number => API_KINDS.indexOf(apiKind(name))

export const osClasses = ['os/other', 'os/wait']
export const osClass = (name: string): number => (waitsInOs(name) ? 1 : 0)

export const overheadClasses = ['overhead/profiler', 'overhead/cuda']
export const overheadClass = (source: number): number => (source === OverheadSource.profiler ? 0 : 1)

/** Classes of rows by their name column; each name is looked at once, and only names that occur. */
export function classByName(trace: Trace, names: Uint32Array, classOf: (name: string) => number): Uint8Array {
  const UNSEEN = 0xff
  const known = new Uint8Array(trace.strings.length).fill(UNSEEN)
  const cls = new Uint8Array(names.length)
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    if (name === NONE) continue
    if (known[name] === UNSEEN) known[name] = classOf(trace.strings[name]!)
    cls[i] = known[name]!
  }
  return cls
}
