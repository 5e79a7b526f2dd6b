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
import { lanesOf, outerFirst, partition } from '../lanes.ts'
import type { Lane, SpanColumns } from '../spans.ts'
import { spanTrack } from '../track-data.ts'
import type { TrackData } from '../track-data.ts'

export function ownerTracks(trace: Trace): TrackData[] {
  return ownerships(trace).flatMap((ownership) => {
    const { device } = ownership
    const facts = { group: deviceGroup(trace, device), table: 'device_op' }
    const busy = ownerLane(trace, ownership, false)
    const idle = ownerLane(trace, ownership, true)
    return [
      spanTrack(
        { ...facts, id: `device-${device}`, kind: 'device-owner', title: 'all work', classes: busyOwners },
        [busy],
      ),
      spanTrack(
        { ...facts, id: `idle-${device}`, kind: 'idle', title: 'idle, by cause', classes: idleOwners },
        [idle],
      ),
    ]
  })
}

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
  const columns: SpanColumns = {
    table: 'device_op',
    start: op.start,
    duration: op.duration,
    label: opLabels(trace),
    cls: classOfOps(trace),
  }
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

/** What is written on an op: its base name where it has one, else its name. */
const opLabels = derived((trace): Uint32Array => {
  const { name, shortName, length } = trace.device_op
  if (shortName === undefined) return name
  const labels = new Uint32Array(length)
  for (let i = 0; i < length; i++) labels[i] = shortName[i] === NONE ? name[i]! : shortName[i]!
  return labels
})
