/** Tracks of a thread: its ranges, nested; its API calls; its OS calls; overhead that fell on it. */
import { NONE } from '../../../trace/column.ts'
import type { Track } from '../../../trace/timeline.ts'
import type { Trace } from '../../../trace/trace.ts'
import {
  apiClass,
  apiClasses,
  classByName,
  rangeClasses,
  osClass,
  osClasses,
  overheadClass,
  overheadClasses,
} from '../classes.ts'
import { recordedRanges } from '../../phased.ts'
import { threadGroup } from '../groups.ts'
import { lanesOf, outerFirst, partition } from '../lanes.ts'
import type { SpanColumns } from '../spans.ts'
import { spanTrack } from '../track-data.ts'
import type { TrackData } from '../track-data.ts'

type Facts = Pick<Track, 'kind' | 'title' | 'classes'> & { prefix: string }

function perThread(
  trace: Trace,
  facts: Facts,
  columns: SpanColumns,
  thread: Uint32Array,
  parent?: Uint32Array,
): TrackData[] {
  return partition(columns.start.length, trace.thread.length, (row) => thread[row]!).flatMap((at, row) =>
    at.length === 0
      ? []
      : spanTrack(
          {
            id: `${facts.prefix}-${row}`,
            kind: facts.kind,
            title: facts.title,
            group: threadGroup(trace, row),
            classes: facts.classes,
            table: columns.table,
          },
          lanesOf(columns, outerFirst(columns, at), parent),
        ),
  )
}

const noLabels = (length: number): Uint32Array => new Uint32Array(length).fill(NONE)

/** What the ranges are, where none was recorded. */
export const rangesTitle = (trace: Trace): string =>
  trace.range.length > 0 && recordedRanges(trace) === 0 ? 'phases, told by grids' : 'ranges'

export function rangeTracks(trace: Trace): TrackData[] {
  const { start, duration, length, thread, name, parent } = trace.range
  const label = name ?? noLabels(length)
  const columns: SpanColumns = { table: 'range', start, duration, label, cls: new Uint8Array(length) }
  return perThread(
    trace,
    { prefix: 'range', kind: 'thread-range', title: rangesTitle(trace), classes: rangeClasses },
    columns,
    thread,
    parent,
  )
}

export function apiTracks(trace: Trace): TrackData[] {
  const { start, duration, name, thread } = trace.api_call
  const columns: SpanColumns = {
    table: 'api_call',
    start,
    duration,
    label: name,
    cls: classByName(trace, name, apiClass),
  }
  return perThread(
    trace,
    { prefix: 'api', kind: 'thread-api', title: 'CUDA API', classes: apiClasses },
    columns,
    thread,
  )
}

export function osTracks(trace: Trace): TrackData[] {
  const { start, duration, name, thread } = trace.os_call
  const columns: SpanColumns = {
    table: 'os_call',
    start,
    duration,
    label: name,
    cls: classByName(trace, name, osClass),
  }
  return perThread(
    trace,
    { prefix: 'os', kind: 'thread-os', title: 'OS calls', classes: osClasses },
    columns,
    thread,
  )
}

/** Overhead by thread; what is told of no thread stands under "overhead" alone. */
export function overheadTracks(trace: Trace): TrackData[] {
  const { start, duration, length, name, thread, source } = trace.overhead
  if (length === 0) return []
  const columns: SpanColumns = {
    table: 'overhead',
    start,
    duration,
    label: name ?? noLabels(length),
    cls: Uint8Array.from(source, overheadClass),
  }
  const facts: Facts = { prefix: 'overhead', kind: 'overhead', title: 'overhead', classes: overheadClasses }
  const rest = partition(length, 1, (row) => ((thread?.[row] ?? NONE) === NONE ? 0 : 1))[0]!
  return [
    ...(thread === undefined ? [] : perThread(trace, facts, columns, thread)),
    ...(rest.length === 0
      ? []
      : [
          spanTrack(
            { ...facts, id: 'overhead-none', group: 'overhead without a thread', table: 'overhead' },
            lanesOf(columns, outerFirst(columns, rest)),
          ),
        ]),
  ]
}
