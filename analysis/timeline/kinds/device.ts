/**
 * Tracks of a device. Two show the ledger's partition, so that every ns of the capture stands on exactly one of them:
 *
 *   all work        ██ ████  ██      what owned the device
 *   idle, by cause    ▨    ▧▧        why nothing did
 *   stream 7        ██ ████          and one track a stream; where work of one stream overlaps, a second lane shows it
 *   stream 14        █       ██
 */
import { NONE } from '../../../trace/column.ts'
import type { Trace } from '../../../trace/trace.ts'
import { derived } from '../../derived.ts'
import { classOfOps } from '../../kernel-class.ts'
import { FIRST_IDLE, isIdle, ownerships } from '../../ownership.ts'
import type { Ownership } from '../../ownership.ts'
import { busyOwners, idleOwners } from '../classes.ts'
import { deviceGroup, streamTitle } from '../groups.ts'
import { isDisjoint, lanesOf, outerFirst, partition } from '../lanes.ts'
import type { Lane, SpanColumns } from '../spans.ts'
import { spanTrack } from '../track-data.ts'
import type { TrackData } from '../track-data.ts'

/** What owned each device: the busy part of the ledger's partition. */
export function workTracks(trace: Trace): TrackData[] {
  const { device, duration, length } = trace.device_op
  // An op of length zero owns nothing.
  const ops = partition(length, trace.device.length, (row) => (duration[row]! > 0 ? device[row]! : NONE))
  return ops.flatMap((rows, of) =>
    rows.length === 0
      ? []
      : spanTrack(
          {
            id: `device-${of}`,
            kind: 'device-owner',
            title: 'all work',
            group: deviceGroup(trace, of),
            classes: busyOwners,
            table: 'device_op',
          },
          [workLane(trace, of, rows)],
        ),
  )
}

/**
 * Ops that never run beside each other own exactly the time that they run: the partition's busy part are they themselves,
 * and its idle part, which takes seconds at ten million ops, need not be known.
 */
function workLane(trace: Trace, device: number, rows: Uint32Array): Lane {
  const columns = opColumns(trace)
  if (isDisjoint(columns, rows)) return { columns, at: rows, pieces: false }
  return ownerLane(
    trace,
    ownerships(trace).find((one) => one.device === device)!,
    false,
  )
}

/** Why each device did nothing: the idle part of the partition. */
export const idleTracks = (trace: Trace): TrackData[] =>
  ownerships(trace).map((ownership) =>
    spanTrack(
      {
        id: `idle-${ownership.device}`,
        kind: 'idle',
        title: 'idle, by cause',
        group: deviceGroup(trace, ownership.device),
        classes: idleOwners,
        table: 'device_op',
      },
      [ownerLane(trace, ownership, true)],
    ),
  )

/** Segments of the partition that are busy, or idle. The row is the op that owns it, or the one that ends the gap. */
function ownerLane(trace: Trace, ownership: Ownership, idle: boolean): Lane {
  const { start, owner, op, end } = ownership
  const labels = opLabels(trace)
  let n = 0
  for (let i = 0; i < start.length; i++) if (isIdle(owner[i]!) === idle) n++
  const columns = {
    table: 'device_op' as const,
    start: new Float64Array(n),
    duration: new Float64Array(n),
    label: new Uint32Array(n).fill(NONE),
    cls: new Uint8Array(n),
    row: new Uint32Array(n),
  }
  const at = new Uint32Array(n)
  n = 0
  for (let i = 0; i < start.length; i++) {
    if (isIdle(owner[i]!) !== idle) continue
    columns.start[n] = start[i]!
    columns.duration[n] = (start[i + 1] ?? end) - start[i]!
    columns.row[n] = op[i]!
    columns.cls[n] = idle ? owner[i]! - FIRST_IDLE : owner[i]!
    if (!idle) columns.label[n] = labels[op[i]!]!
    at[n] = n
    n++
  }
  return { columns, at, pieces: true }
}

export function streamTracks(trace: Trace): TrackData[] {
  const op = trace.device_op
  const columns = opColumns(trace)
  return partition(op.length, trace.stream.length, (row) => op.stream[row]!).flatMap((at, stream) =>
    at.length === 0
      ? []
      : spanTrack(
          {
            id: `stream-${stream}`,
            kind: 'device-stream',
            title: streamTitle(trace, stream),
            group: deviceGroup(trace, trace.stream.device[stream]!),
            classes: busyOwners,
            table: 'device_op',
          },
          lanesOf(columns, outerFirst(columns, at)),
        ),
  )
}

const opColumns = derived((trace): SpanColumns => ({
  table: 'device_op',
  start: trace.device_op.start,
  duration: trace.device_op.duration,
  label: opLabels(trace),
  cls: classOfOps(trace),
}))

/** What is written on an op: its base name where it has one, else its name. */
const opLabels = derived((trace): Uint32Array => {
  const { name, shortName, length } = trace.device_op
  if (shortName === undefined) return name
  const labels = new Uint32Array(length)
  for (let i = 0; i < length; i++) labels[i] = shortName[i] === NONE ? name[i]! : shortName[i]!
  return labels
})
