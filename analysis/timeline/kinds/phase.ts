/**
 * Ranges as the device saw them: from the first start to the last end of the work launched inside, per device.
 *
 *   range   [frame ][global ]
 *   api      a  b    c
 *   gpu 0            [A][B  ][C]
 *   phase            [frame ][global]        its lanes are the range's nesting
 */
import { NONE } from '../../../trace/column.ts'
import type { Trace } from '../../../trace/trace.ts'
import { derived } from '../../derived.ts'
import { rangeClasses } from '../classes.ts'
import { deviceGroup } from '../groups.ts'
import { lanesOf, outerFirst } from '../lanes.ts'
import type { SpanColumns } from '../spans.ts'
import { rangesTitle } from './thread.ts'
import { spanTrack } from '../track-data.ts'
import type { TrackData } from '../track-data.ts'

export function phaseTracks(trace: Trace): TrackData[] {
  if (trace.range.length === 0) return []
  const tracks: TrackData[] = []
  for (let device = 0; device < trace.device.length; device++) {
    const { columns, parent } = projectedRanges(trace)[device]!
    if (columns.start.length === 0) continue
    const at = Uint32Array.from(columns.start.keys()).sort(
      (a, b) => columns.start[a]! - columns.start[b]! || a - b,
    )
    tracks.push(
      spanTrack(
        {
          id: `phase-${device}`,
          kind: 'device-phase',
          title: `${rangesTitle(trace)}, as the device ran them`,
          group: deviceGroup(trace, device),
          classes: rangeClasses,
          table: 'range',
        },
        lanesOf(columns, outerFirst(columns, at), parent),
      ),
    )
  }
  return tracks
}

/** Ranges as each device ran them, by device row. */
export const projectedRanges = derived((trace): readonly Projected[] =>
  Array.from({ length: trace.device.length }, (_, device) => project(trace, device)),
)

interface Projected {
  columns: SpanColumns
  /** Entry number of the range around it; NONE without one. */
  parent: Uint32Array
}

/** Entries are ranges with work on the device, in row order; `parent` is an entry number or NONE. */
function project(trace: Trace, device: number): Projected {
  const { range, device_op: op, api_call: api } = trace
  const from = new Float64Array(range.length).fill(Infinity)
  const to = new Float64Array(range.length).fill(-Infinity)
  for (let i = 0; i < op.length; i++) {
    if (op.device[i] !== device) continue
    const launch = op.launch?.[i] ?? NONE
    const inner = launch === NONE ? (op.range?.[i] ?? NONE) : (api.range?.[launch] ?? NONE)
    if (inner === NONE) continue
    from[inner] = Math.min(from[inner]!, op.start[i]!)
    to[inner] = Math.max(to[inner]!, op.start[i]! + op.duration[i]!)
  }
  // Children before parents: a parent never starts after its child, so rows from the last to the first; equal starts
  // may stand either way round, so by depth where it matters.
  const order = Uint32Array.from(range.start.keys()).sort((a, b) => range.depth[b]! - range.depth[a]!)
  for (const row of order) {
    const parent = range.parent?.[row] ?? NONE
    if (parent === NONE || from[row] === Infinity) continue
    from[parent] = Math.min(from[parent]!, from[row]!)
    to[parent] = Math.max(to[parent]!, to[row]!)
  }
  return entries(trace, from, to)
}

function entries(trace: Trace, from: Float64Array, to: Float64Array): Projected {
  const { range } = trace
  const entryOf = new Uint32Array(range.length).fill(NONE)
  let n = 0
  for (let row = 0; row < range.length; row++) if (from[row] !== Infinity) entryOf[row] = n++
  const columns = {
    table: 'range' as const,
    start: new Float64Array(n),
    duration: new Float64Array(n),
    label: new Uint32Array(n),
    cls: new Uint8Array(n),
    row: new Uint32Array(n),
  }
  const parent = new Uint32Array(n)
  for (let row = 0; row < range.length; row++) {
    const entry = entryOf[row]!
    if (entry === NONE) continue
    const label = range.name?.[row] ?? NONE
    const above = range.parent?.[row] ?? NONE
    columns.start[entry] = from[row]!
    columns.duration[entry] = to[row]! - from[row]!
    columns.label[entry] = label
    columns.row[entry] = row
    parent[entry] = above === NONE ? NONE : entryOf[above]!
  }
  return { columns, parent }
}
