/**
 * What a span counts as on the timeline, so that a bucket can say which class dominates it.
 *
 * Work on a device has the ledger's owners. Ranges have one of NAME_SLOTS colour slots, by their name without numbers:
 * "frame_block 3" and "frame_block 17" look alike, in this run and in any other.
 */
import { NONE } from '../../trace/column.ts'
import { OverheadSource, DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'

export const NAME_SLOTS = 12
export const nameClasses = Array.from({ length: NAME_SLOTS }, (_, slot) => `name ${slot}`)

/** The colour slot of a name: FNV-1a of its letters. */
export function nameSlot(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code >= 48 && code <= 57) continue
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % NAME_SLOTS
}

/** Slot of every string of the trace. */
export const stringSlots = derived((trace) => Uint8Array.from(trace.strings, nameSlot))

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
