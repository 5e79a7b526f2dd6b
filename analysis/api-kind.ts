/**
 * What an API call or OS call does to its thread, by its name: the table behind the ledger's causes.
 */
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { RowList } from './row-list.ts'

export type ApiKind = 'sync' | 'alloc' | 'blocking-copy' | 'launch' | 'other'

const API: readonly (readonly [ApiKind, RegExp])[] = [
  // Blocking waits of the host. Event and stream queries return at once; StreamWaitEvent makes the device wait.
  ['sync', /^(cuda|hip)(Device|Stream|Event|Thread)Synchronize|^cu(Ctx|Stream|Event)Synchronize/],
  [
    'alloc',
    /^(cuda|hip)(Malloc|Free|HostAlloc|HostRegister|HostUnregister|MemPool)|^cu(MemAlloc|MemFree|MemHostAlloc|MemHostRegister|MemHostUnregister|MemCreate|MemRelease|MemMap|MemUnmap|MemAddress|MemPool)/,
  ],
  ['launch', /Launch/],
  ['blocking-copy', /^(cuda|hip)Memcpy(?!.*Async)|^cuMemcpy(?!.*Async)/],
]

/** The kind of a CUDA (or HIP) API call. Names may carry version suffixes: cudaMalloc_v3020. */
export const apiKind = (name: string): ApiKind =>
  API.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other'

/** The kind of every name that a call of this trace has, by index into its strings. */
export const apiKinds = derived(({ api_call: { name }, strings }): readonly (ApiKind | undefined)[] => {
  const isCall = new Uint8Array(strings.length)
  for (let call = 0; call < name.length; call++) isCall[name[call]!] = 1
  return strings.map((text, index) => (isCall[index] === 1 ? apiKind(text) : undefined))
})

/** Rows of the API calls of some kinds, ascending. */
export function callsOfKinds(trace: Trace, wanted: readonly ApiKind[]): Uint32Array {
  const { name, length } = trace.api_call
  const isWanted = Uint8Array.from(apiKinds(trace), (kind) =>
    kind !== undefined && wanted.includes(kind) ? 1 : 0,
  )
  const rows = new RowList()
  for (let call = 0; call < length; call++) if (isWanted[name[call]!] === 1) rows.add(call)
  return rows.finish()
}

const WAITS =
  /^(p?poll|p?select|epoll_p?wait|pthread_(cond_(timed)?wait|mutex_(timed)?lock|rwlock_.*lock|barrier_wait|join)|sem_(timed)?wait|(nano|u|clock_nano)?sleep|futex|wait(pid|id|3|4)?$|sigwait|sigtimedwait|recv|accept|connect|read|pread|readv|msgrcv|io_getevents|flock|lockf|fsync|fdatasync|sched_yield)/

/** Whether an OS call is one that waits for something. */
export const waitsInOs = (name: string): boolean => WAITS.test(name)
