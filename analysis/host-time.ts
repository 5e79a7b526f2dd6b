/**
 * What a thread did while a device was idle, by precedence: profiler overhead, loading, the launch call itself, other calls,
 * waits in the operating system, and what is left is host work.
 */
import type { Trace } from '../trace/trace.ts'
import { apiKinds } from './api-kind.ts'
import type { ApiKind } from './api-kind.ts'
import { CAUSE } from './causes.ts'
import type { CauseSink, Evidence, IdleCause } from './causes.ts'
import { derived } from './derived.ts'
import type { Segments } from './innermost.ts'
import { activityOf } from './thread-activity.ts'

const API_CAUSE: Record<ApiKind, number> = {
  sync: CAUSE['sync-turnaround'],
  alloc: CAUSE.alloc,
  'blocking-copy': CAUSE['blocking-copy'],
  launch: CAUSE['other-api'],
  other: CAUSE['other-api'],
}

/** One kind of thing that a thread did. */
interface Layer {
  table: Evidence['table']
  segments: Segments
  /** Where the last question was answered: gaps mostly come in time order. */
  at: number
  /** The cause of each row. */
  causes: Uint8Array
  /** What `causes` is asked by: the rows' names, or nothing where all rows have one cause. */
  names: Uint32Array | undefined
}
/** Layers of a thread, the one that wins first; those without rows are left out. The launch call lies between two. */
export interface Layers {
  all: readonly Layer[]
  aboveLaunch: number
}

/** The layers of a thread row. */
export function layersOf(trace: Trace, thread: number): Layers {
  const activity = activityOf(trace, thread)
  const layer = (table: Evidence['table'], segments: Segments, cause: IdleCause | 'by name'): Layer[] => {
    if (segments.length === 0) return []
    if (cause !== 'by name')
      return [{ table, segments, at: 0, causes: Uint8Array.of(CAUSE[cause]), names: undefined }]
    return [{ table, segments, at: 0, causes: causesOfCalls(trace), names: trace.api_call.name }]
  }
  const above = [
    ...layer('overhead', activity.profiler, 'profiler-overhead'),
    ...layer('overhead', activity.loading, 'module-load'),
  ]
  const below = [...layer('api_call', activity.api, 'by name'), ...layer('os_call', activity.os, 'os-wait')]
  return { all: [...above, ...below], aboveLaunch: above.length }
}

/** By a call's name. */
const causesOfCalls = derived((trace) =>
  Uint8Array.from(apiKinds(trace), (kind) => API_CAUSE[kind ?? 'other']),
)

/** The part of a gap before its launch call returned, by what thread T did. From `ls` on T is inside the launch call. */
export function hostTime(
  { all, aboveLaunch }: Layers,
  from: number,
  to: number,
  ls: number,
  launch: number,
  sink: CauseSink,
): void {
  for (let now = from; now < to;) {
    let until = to
    let cause = CAUSE['host-work']
    let table: Evidence['table'] | undefined
    let row: number | undefined
    for (let k = 0; k <= all.length; k++) {
      if (k === aboveLaunch) {
        if (now >= ls) {
          cause = CAUSE['launch-call']
          table = 'api_call'
          row = launch
          break
        }
        if (ls < until) until = ls
      }
      if (k === all.length) break
      const layer = all[k]!
      const { segments } = layer
      const i = (layer.at = segments.firstEndingAfter(now, layer.at))
      if (i === segments.length) continue
      const start = segments.startOf(i)
      if (start <= now) {
        row = segments.rowOf(i)
        table = layer.table
        cause = layer.causes[layer.names === undefined ? 0 : layer.names[row]!]!
        const end = segments.endOf(i)
        if (end < until) until = end
        break
      }
      // A layer above that begins later takes over there.
      if (start < until) until = start
    }
    sink.begin(now, cause, undefined, table, row)
    now = until
  }
}
