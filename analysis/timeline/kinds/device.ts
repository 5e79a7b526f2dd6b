/** Tracks of a device: one a stream. Where work of one stream overlaps, a second lane shows it. */
import type { Trace } from '../../../trace/trace.ts'
import { opClasses, opClassOf } from '../classes.ts'
import { deviceGroup, streamTitle } from '../groups.ts'
import { lanesOf, outerFirst, partition } from '../lanes.ts'
import type { SpanColumns } from '../spans.ts'
import { spanTrack } from '../track-data.ts'
import type { TrackData } from '../track-data.ts'

export function streamTracks(trace: Trace): TrackData[] {
  const op = trace.device_op
  const columns: SpanColumns = {
    table: 'device_op',
    start: op.start,
    duration: op.duration,
    label: shortLabels(op.name, op.shortName),
    cls: opClassOf(trace),
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
            classes: opClasses,
            table: 'device_op',
          },
          lanesOf(columns, outerFirst(columns, at)),
        ),
  )
}

/** The base name where there is one (a kernel's), else the name. */
function shortLabels(name: Uint32Array, shortName: Uint32Array | undefined): Uint32Array {
  if (shortName === undefined) return name
  const labels = name.slice()
  for (let i = 0; i < labels.length; i++) if (shortName[i]! < 0xffffffff) labels[i] = shortName[i]!
  return labels
}
