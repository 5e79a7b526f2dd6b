/**
 * Every nanosecond of a device has one owner: the exact partition of the capture that the ledger, the gaps, the tiles and
 * the diff all read.
 *
 *   copy    ......CCCCCC....          where several run, one owner by precedence:
 *   kernel  ..KKKKK.....LL..          kernel (or node), graph, copy, set; then earlier start; lower stream; source row
 *   owner   iiKKKKKCCCCiLLia          i idle before/between · a after the last
 *
 * Only ops of positive length own anything, so an op of length zero changes nothing.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { ns } from '../trace/units.ts'
import type { Ns } from '../trace/units.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import { ActiveOps } from './active-ops.ts'
import { captureWindow } from './capture-window.ts'
import { derived } from './derived.ts'
import { opsByDevice } from './device-work.ts'
import { IDLE_CAUSES } from './causes.ts'
import { classifier } from './idle-cause.ts'
import type { CauseSink } from './causes.ts'
import type { GapClassifier } from './idle-cause.ts'
import { SegmentBuilder } from './segments.ts'
import type { OwnedSegments } from './segments.ts'

/** All owners: busy classes first, then idle causes. A segment's `owner` is an index into this. */
export const OWNERS: readonly string[] = [
  ...BUSY_CLASSES.map((name) => `busy/${name}`),
  ...IDLE_CAUSES.map((name) => `idle/${name}`),
]
export const FIRST_IDLE = BUSY_CLASSES.length
export const isIdle = (owner: number): boolean => owner >= FIRST_IDLE
export const BEFORE_FIRST = OWNERS.indexOf('idle/before-first')
export const idleOwner = (cause: number): number => FIRST_IDLE + cause

/** The partition of one device. Segment i is [start[i], start[i + 1]); the last one ends at `end`. */
export interface Ownership extends OwnedSegments {
  device: number
  end: Ns
  /** All busy time: the union of the ops' intervals. */
  busyNs: Ns
  /** What `reason` points to: why a stretch is `unknown`. The first is "". */
  reasons: readonly string[]
}

/** Partitions of all devices that have an op of positive length, by device row. */
export const ownerships = derived((trace): readonly Ownership[] => {
  const window = captureWindow(trace)
  if (window === undefined) return []
  return opsByDevice(trace)
    .map((rows, device) => ({ rows, device }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ rows, device }) => partition(trace, device, rows, window))
})

function partition(trace: Trace, device: number, rows: Uint32Array, window: readonly [Ns, Ns]): Ownership {
  const parts = new Parts(trace, 2 * rows.length)
  const busy = sweep(trace.device_op, rows, new ActiveOps(trace), classOfOps(trace), window, parts)
  return { device, end: window[1], busyNs: ns(busy), reasons: parts.reasons, ...parts.segments.finish() }
}

/** Gives the parts of the window to `parts`, in time order. Returns the busy time. */
function sweep(
  { start, duration }: Trace['device_op'],
  rows: Uint32Array,
  active: ActiveOps,
  classes: Uint8Array,
  window: readonly [Ns, Ns],
  parts: Parts,
): number {
  let now: number = window[0]
  /** The end of the work so far. */
  let busyUntil = now
  let busy = 0
  for (let k = 0; k <= rows.length; k++) {
    const until = k < rows.length ? start[rows[k]!]! : Infinity
    for (let top = active.top(); top !== NONE && now < until; top = active.top()) {
      const end = start[top]! + duration[top]!
      const here = end < until ? end : until
      if (here > now) {
        if (now > busyUntil) parts.gap(busyUntil, now, top)
        parts.segments.add(now, classes[top]!, top, 0)
        busy += here - now
        busyUntil = now = here
      }
      if (end <= now) active.pop()
    }
    if (k === rows.length) break
    if (until > now) now = until
    active.push(rows[k]!)
  }
  if (window[1] > busyUntil) parts.gap(busyUntil, window[1], NONE)
  return busy
}

/** Segments as they are found: a gap before an op is split into its causes. */
class Parts implements CauseSink {
  readonly segments: SegmentBuilder
  readonly reasons = ['']
  readonly #classifier: GapClassifier
  #next = NONE

  constructor(trace: Trace, capacity: number) {
    this.segments = new SegmentBuilder(capacity)
    this.#classifier = classifier(trace)
  }

  gap(from: number, to: number, next: number): void {
    this.#next = next
    this.#classifier.split(from, to, next, this.segments.length === 0, this)
  }

  begin(at: number, cause: number, why?: string): void {
    let reason = why === undefined ? 0 : this.reasons.indexOf(why)
    if (reason < 0) reason = this.reasons.push(why!) - 1
    this.segments.add(at, idleOwner(cause), this.#next, reason)
  }
}
