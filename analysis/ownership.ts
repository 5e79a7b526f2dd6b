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
import type { Ns } from '../trace/units.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import { ActiveOps } from './active-ops.ts'
import { captureWindow } from './capture-window.ts'
import { derived } from './derived.ts'
import { classifier, IDLE_CAUSES } from './idle-cause.ts'
import type { Emit } from './idle-cause.ts'
import { SegmentBuilder } from './segments.ts'
import type { OwnedSegments } from './segments.ts'

/** All owners: busy classes first, then idle causes. A segment's `owner` is an index into this. */
export const OWNERS: readonly string[] = [
  ...BUSY_CLASSES.map((name) => `busy/${name}`),
  ...IDLE_CAUSES.map((name) => `idle/${name}`),
]
export const FIRST_IDLE = BUSY_CLASSES.length
export const isIdle = (owner: number): boolean => owner >= FIRST_IDLE
export const idleOwner = (cause: number): number => FIRST_IDLE + cause

/** The partition of one device. Segment i is [start[i], start[i + 1]); the last one ends at `end`. */
export interface Ownership extends OwnedSegments {
  device: number
  end: Ns
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

/** Rows of ops with a positive length, by device, in start order. */
export const opsByDevice = derived((trace): readonly Uint32Array[] => {
  const { device, duration } = trace.device_op
  const counts = new Uint32Array(trace.device.length)
  for (let op = 0; op < device.length; op++) if (duration[op]! > 0) counts[device[op]!]!++
  const rows = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let op = 0; op < device.length; op++)
    if (duration[op]! > 0) rows[device[op]!]![counts[device[op]!]!++] = op
  return rows
})

function partition(trace: Trace, device: number, rows: Uint32Array, window: readonly [Ns, Ns]): Ownership {
  const found = new SegmentBuilder(2 * rows.length)
  const { start, duration } = trace.device_op
  const active = new ActiveOps(trace)
  const classes = classOfOps(trace)
  let now: number = window[0]
  for (let k = 0; k <= rows.length; k++) {
    const until = k < rows.length ? start[rows[k]!]! : Infinity
    for (let top = active.top(); top !== NONE && now < until; top = active.top()) {
      const end = start[top]! + duration[top]!
      const here = end < until ? end : until
      if (here > now) {
        found.add(now, classes[top]!, top, 0)
        now = here
      }
      if (end <= now) active.pop()
    }
    if (k === rows.length) break
    if (until > now) {
      found.add(now, FIRST_IDLE, NONE, 0)
      now = until
    }
    active.push(rows[k]!)
  }
  if (window[1] > now) found.add(now, FIRST_IDLE, NONE, 0)
  return classified(trace, device, window, found.finish())
}

/** The partition with each gap split into its causes. */
function classified(
  trace: Trace,
  device: number,
  window: readonly [Ns, Ns],
  found: OwnedSegments,
): Ownership {
  const { start, owner, op } = found
  const out = new SegmentBuilder(start.length)
  const reasons = ['']
  const classify = classifier(trace)
  let next = NONE
  const emit: Emit = (at, cause, why) => {
    let reason = why === undefined ? 0 : reasons.indexOf(why)
    if (reason < 0) reason = reasons.push(why!) - 1
    out.add(at, idleOwner(cause), next, reason)
  }
  for (let i = 0; i < start.length; i++) {
    if (!isIdle(owner[i]!)) {
      out.add(start[i]!, owner[i]!, op[i]!, 0)
      continue
    }
    const isLast = i + 1 === start.length
    next = isLast ? NONE : op[i + 1]!
    classify({ from: start[i]!, to: isLast ? window[1] : start[i + 1]!, next, isFirst: i === 0 }, emit)
  }
  return { device, end: window[1], reasons, ...out.finish() }
}
