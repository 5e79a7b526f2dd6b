/**
 * Why a device was idle: each nanosecond of a gap takes the first line of IDLE_CAUSES that applies.
 *
 * N is the op that ends the gap, [ls, le] the API call that launched it, T the thread of that call.
 *
 *   T       |== sync ==|  host  |ls = launch = le|
 *   device  KKKK|g0 ···········································g1|N
 *                sync-turnaround · host-work · launch-call · submission-latency
 *
 * If le ≤ g0, N was already submitted while the device worked: the whole gap is handover. Where N's stream had been made to
 * wait for work of another device, the time after le until that work ended is dependency-wait (`dependencies.ts`).
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { apiKinds } from './api-kind.ts'
import type { ApiKind } from './api-kind.ts'
import { dependencies } from './dependencies.ts'
import { derived } from './derived.ts'
import { activityOf, firstEndingAfter } from './thread-activity.ts'
import type { Segments } from './thread-activity.ts'

export const IDLE_CAUSES = [
  'before-first',
  'after-last',
  'unknown',
  'dependency-wait',
  'handover',
  'submission-latency',
  'profiler-overhead',
  'module-load',
  'launch-call',
  'sync-turnaround',
  'alloc',
  'blocking-copy',
  'other-api',
  'os-wait',
  'host-work',
  'dispatch',
] as const
export type IdleCause = (typeof IDLE_CAUSES)[number]

const CAUSE = Object.fromEntries(IDLE_CAUSES.map((name, i) => [name, i])) as Record<IdleCause, number>

/** The record that shows a cause: the call, the overhead row, the wait. */
export interface Evidence {
  table: 'api_call' | 'os_call' | 'overhead'
  row: number
}

/**
 * Begins a segment of the gap at `at`; it lasts to the next call's `at`, or to the gap's end. `table` and `row` are its
 * evidence. (No object is made: a capture has a gap or two for each of its kernels.)
 */
export type Emit = (
  at: number,
  cause: number,
  reason?: string,
  table?: Evidence['table'],
  row?: number,
) => void

/**
 * Splits a gap into its causes, in time order. `next` is the op that ends it, NONE after the last; `isFirst` says that
 * nothing ran before.
 */
type Classify = (from: number, to: number, next: number, isFirst: boolean, emit: Emit) => void

/** The classifier of a trace. */
export const classifier = derived((trace): Classify => {
  const { kind, launch: launches } = trace.device_op
  const { start, duration, thread } = trace.api_call
  const layersOf = hostLayers(trace)
  const reason = whyUnknown(trace)
  const { proved } = dependencies(trace)
  const hasDependencies = proved.size > 0
  return (from, to, next, isFirst, emit) => {
    if (next === NONE) return emit(from, CAUSE['after-last'])
    if (isFirst) return emit(from, CAUSE['before-first'])
    if (kind[next] === DeviceOpKind.node) return emit(from, CAUSE.dispatch)
    const launch = launches?.[next] ?? NONE
    if (launch === NONE) return emit(from, CAUSE.unknown, reason)
    const le = start[launch]! + duration[launch]!
    const isEarly = le <= from
    if (!isEarly) hostTime(layersOf(thread[launch]!), from, Math.min(to, le), start[launch]!, launch, emit)
    let now = isEarly ? from : le
    const dependency = hasDependencies ? proved.get(next) : undefined
    // An op that began before what it should wait for had ended contradicts the evidence.
    if (dependency !== undefined && dependency.until > now && dependency.until <= to) {
      emit(now, CAUSE['dependency-wait'], undefined, 'api_call', dependency.wait)
      now = dependency.until
    }
    if (now < to)
      emit(now, isEarly ? CAUSE.handover : CAUSE['submission-latency'], undefined, 'api_call', launch)
  }
})

function whyUnknown(trace: Trace): string {
  if (!isRecorded(trace, 'api_call')) return 'API calls were not recorded'
  const dropped = trace.diagnostic.text
  for (let i = 0; i < trace.diagnostic.length; i++)
    if (/dropped|Not all CUDA events/.test(trace.strings[dropped[i]!]!))
      return 'no launch was recorded for the op that ends the gap; the capture dropped events'
  return 'no launch was recorded for the op that ends the gap'
}

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
  causeOf(row: number): number
}
/** Layers of a thread, the one that wins first; those without rows are left out. The launch call lies between two. */
interface Layers {
  all: readonly Layer[]
  aboveLaunch: number
}

/** The layers of each thread row, made when first asked for. */
function hostLayers(trace: Trace): (thread: number) => Layers {
  const kinds = apiKinds(trace)
  const { name } = trace.api_call
  const causeOfCall = (row: number): number => API_CAUSE[kinds[name[row]!] ?? 'other']
  const known: Layers[] = []
  const layer = (table: Evidence['table'], segments: Segments, causeOf: Layer['causeOf']): Layer[] =>
    segments.row.length === 0 ? [] : [{ table, segments, at: 0, causeOf }]
  return (thread) => {
    if (known[thread] !== undefined) return known[thread]
    const activity = activityOf(trace, thread)
    const above = [
      ...layer('overhead', activity.profiler, () => CAUSE['profiler-overhead']),
      ...layer('overhead', activity.loading, () => CAUSE['module-load']),
    ]
    const below = [
      ...layer('api_call', activity.api, causeOfCall),
      ...layer('os_call', activity.os, () => CAUSE['os-wait']),
    ]
    return (known[thread] = { all: [...above, ...below], aboveLaunch: above.length })
  }
}

/** The part of a gap before its launch call returned, by what thread T did. From `ls` on T is inside the launch call. */
function hostTime(
  { all, aboveLaunch }: Layers,
  from: number,
  to: number,
  ls: number,
  launch: number,
  emit: Emit,
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
      const { start, end } = layer.segments
      const i = (layer.at = firstEndingAfter(layer.segments, now, layer.at))
      if (i === end.length) continue
      if (start[i]! <= now) {
        row = layer.segments.row[i]!
        table = layer.table
        cause = layer.causeOf(row)
        if (end[i]! < until) until = end[i]!
        break
      }
      // A layer above that begins later takes over there.
      if (start[i]! < until) until = start[i]!
    }
    emit(now, cause, undefined, table, row)
    now = until
  }
}
