/**
 * Why a device was idle: each nanosecond of a gap takes the first line of IDLE_CAUSES that applies.
 *
 * N is the op that ends the gap, [ls, le] the API call that launched it, T the thread of that call.
 *
 *   T       |== sync ==|  host  |ls = launch = le|
 *   device  KKKK|g0 ···········································g1|N
 *                sync-turnaround · host-work · launch-call · submission-latency
 *
 * If le ≤ g0, N was already submitted while the device worked: the whole gap is handover.
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { apiKindOfName } from './api-kind.ts'
import type { ApiKind } from './api-kind.ts'
import { activityOf, firstEndingAfter } from './thread-activity.ts'
import type { Segments, ThreadActivity } from './thread-activity.ts'

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

export interface Gap {
  from: number
  to: number
  /** The op that ends it; NONE after the last. */
  next: number
  /** Nothing ran before it. */
  isFirst: boolean
}

/** The record that shows a cause: the call, the overhead row, the wait. */
export interface Evidence {
  table: 'api_call' | 'os_call' | 'overhead'
  row: number
}

/** Begins a segment of the gap at `at`; it lasts to the next call's `at`, or to the gap's end. */
export type Emit = (at: number, cause: number, reason?: string, evidence?: Evidence) => void

/** Splits a gap into its causes, in time order. */
export function classifyGap(trace: Trace, gap: Gap, emit: Emit): void {
  const { from, to, next } = gap
  if (next === NONE) return emit(from, CAUSE['after-last'])
  if (gap.isFirst) return emit(from, CAUSE['before-first'])
  if (trace.device_op.kind[next] === DeviceOpKind.node) return emit(from, CAUSE.dispatch)
  const launch = trace.device_op.launch?.[next] ?? NONE
  if (launch === NONE) return emit(from, CAUSE.unknown, whyUnknown(trace))
  const { start, duration, thread } = trace.api_call
  const ls = start[launch]!
  const le = ls + duration[launch]!
  const evidence: Evidence = { table: 'api_call', row: launch }
  if (le <= from) return emit(from, CAUSE.handover, undefined, evidence)
  hostTime(trace, activityOf(trace, thread[launch]!), { from, to: Math.min(to, le), ls, launch }, emit)
  if (le < to) emit(le, CAUSE['submission-latency'], undefined, evidence)
}

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

/** The part of a gap before its launch call returned, by what thread T did. */
function hostTime(
  trace: Trace,
  activity: ThreadActivity,
  part: { from: number; to: number; ls: number; launch: number },
  emit: Emit,
): void {
  const kindOf = apiKindOfName(trace)
  const layers: Cursor[] = [
    new Cursor(activity.profiler, 'overhead', part.from, () => CAUSE['profiler-overhead']),
    new Cursor(activity.loading, 'overhead', part.from, () => CAUSE['module-load']),
    // From ls on T is inside the launch call, whatever it calls in turn.
    new Cursor(
      {
        start: Float64Array.of(part.ls),
        end: Float64Array.of(Infinity),
        row: Uint32Array.of(part.launch),
      },
      'api_call',
      part.from,
      () => CAUSE['launch-call'],
    ),
    new Cursor(activity.api, 'api_call', part.from, (row) => API_CAUSE[kindOf(trace.api_call.name[row]!)]),
    new Cursor(activity.os, 'os_call', part.from, () => CAUSE['os-wait']),
  ]
  let now = part.from
  while (now < part.to) {
    let cause = CAUSE['host-work']
    let until = part.to
    let evidence: Evidence | undefined
    for (const layer of layers) {
      layer.moveTo(now)
      if (layer.covers(now)) {
        cause = layer.cause()
        evidence = layer.evidence()
        until = Math.min(until, layer.end())
        break
      }
      // A layer above that begins later takes over there.
      until = Math.min(until, layer.start())
    }
    emit(now, cause, undefined, evidence)
    now = until
  }
}

/** A position in disjoint segments that only moves forward. */
class Cursor {
  readonly #segments: Segments
  readonly #table: Evidence['table']
  readonly #causeOf: (row: number) => number
  #i: number

  constructor(segments: Segments, table: Evidence['table'], from: number, causeOf: (row: number) => number) {
    this.#segments = segments
    this.#table = table
    this.#causeOf = causeOf
    this.#i = firstEndingAfter(segments, from)
  }

  moveTo(time: number): void {
    while (this.#i < this.#segments.end.length && this.#segments.end[this.#i]! <= time) this.#i++
  }

  covers(time: number): boolean {
    return this.#i < this.#segments.end.length && this.#segments.start[this.#i]! <= time
  }

  start(): number {
    return this.#segments.start[this.#i] ?? Infinity
  }

  end(): number {
    return this.#segments.end[this.#i]!
  }

  evidence(): Evidence {
    return { table: this.#table, row: this.#segments.row[this.#i]! }
  }

  cause(): number {
    return this.#causeOf(this.#segments.row[this.#i]!)
  }
}
