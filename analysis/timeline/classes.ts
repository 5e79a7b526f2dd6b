/**
 * What a span counts as on the timeline, so that a bucket can say which class dominates it.
 *
 * Work on a device has the ledger's owners. Calls have a few kinds of their own; of those that wait it is said.
 */
import { NONE } from '../../trace/column.ts'
import { OverheadSource, DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'

/** Ranges are told apart by depth and name, not by class. */
export const rangeClasses = ['range']

export const opClasses = [
  'busy/other',
  'busy/graph',
  'busy/memcpy-other',
  'busy/memset',
  'busy/memcpy-h2d',
  'busy/memcpy-d2h',
  'busy/memcpy-d2d',
  'busy/memcpy-p2p',
]

/** Class of every device op. */
export const opClassOf = derived((trace: Trace): Uint8Array => {
  const { kind, copyKind, length } = trace.device_op
  const cls = new Uint8Array(length)
  const byCopyKind: Record<number, number> = { 1: 4, 2: 5, 8: 6, 10: 7 }
  for (let i = 0; i < length; i++) {
    if (kind[i] === DeviceOpKind.graph) cls[i] = 1
    else if (kind[i] === DeviceOpKind.set) cls[i] = 3
    else if (kind[i] === DeviceOpKind.copy) cls[i] = byCopyKind[copyKind?.[i] ?? 0] ?? 2
  }
  return cls
})

export const apiClasses = ['api/other', 'api/launch', 'api/sync', 'api/memory', 'api/copy']
/** Class of an API call by its name. */
export const apiClass = (name: string): number =>
  /^cu\w*(?:Launch|GraphLaunch)/.test(name)
    ? 1
    : /Synchronize|WaitEvent|StreamWait|EventQuery|StreamQuery/.test(name)
      ? 2
      : /Malloc|Free|MemAlloc|MemPool|HostRegister|HostUnregister|MemCreate|MemMap/.test(name)
        ? 3
        : /Memcpy|Memset/.test(name)
          ? 4
          : 0

export const osClasses = ['os/other', 'os/wait']
/** Whether an OS call is one that waits for something else to happen. */
export const osClass = (name: string): number =>
  /poll|select|wait|sleep|lock|futex|nanosleep|join|accept|recv/i.test(name) ? 1 : 0

export const overheadClasses = ['overhead/profiler', 'overhead/cuda']
export const overheadClass = (source: number): number => (source === OverheadSource.profiler ? 0 : 1)

/** Classes of rows by their name column, through one look-up a string. */
export function classByName(trace: Trace, names: Uint32Array, classOf: (name: string) => number): Uint8Array {
  const known = Uint8Array.from(trace.strings, classOf)
  const cls = new Uint8Array(names.length)
  for (let i = 0; i < names.length; i++) cls[i] = names[i] === NONE ? 0 : known[names[i]!]!
  return cls
}
