/**
 * The timeline of a run: its tracks in the order in which they are shown, and any tile of any of them.
 *
 * Built once per trace and kept with it. A track's index is made when its first tile is asked for.
 */
import { UserError } from '../../trace/errors.ts'
import { MAX_LEVEL, UNION_LANE } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { counterTracks, memoryTracks } from './kinds/counter.ts'
import { idleTracks, streamTracks, workTracks } from './kinds/device.ts'
import { phaseTracks } from './kinds/phase.ts'
import { apiTracks, osTracks, overheadTracks, rangeTracks } from './kinds/thread.ts'
import { indexLane } from './lane-index.ts'
import type { LaneIndex } from './lane-index.ts'
import { indexSamples, sampleSection } from './sample-section.ts'
import type { SampleIndex } from './sample-section.ts'
import { piecesOf } from './spans.ts'
import type { Lane } from './spans.ts'
import type { Section, Tile } from './tile.ts'
import { sectionOf } from './tiles.ts'
import type { TrackData } from './track-data.ts'

/** Who makes the tracks whose ids begin so, in the order in which they stand in a group. */
const makers: readonly (readonly [prefix: string, make: (trace: Trace) => readonly TrackData[]])[] = [
  ['device', derived(workTracks)],
  ['idle', derived(idleTracks)],
  ['phase', derived(phaseTracks)],
  ['stream', derived(streamTracks)],
  ['memory', derived(memoryTracks)],
  ['counter', derived(counterTracks)],
  ['range', derived(rangeTracks)],
  ['api', derived(apiTracks)],
  ['os', derived(osTracks)],
  ['overhead', derived(overheadTracks)],
]

/** Every track of the run. Devices first, then threads by how much they did, then counters. */
export const tracksOf = derived((trace: Trace): readonly TrackData[] =>
  byGroup(makers.flatMap(([, make]) => make(trace))),
)

/** Tracks of one group side by side; devices as they are numbered, then threads by how much they did. */
function byGroup(made: readonly TrackData[]): TrackData[] {
  const groups = new Map<string, TrackData[]>()
  for (const data of made) {
    const known = groups.get(data.track.group)
    if (known === undefined) groups.set(data.track.group, [data])
    else known.push(data)
  }
  // A sort keeps the order of equals: devices stay in their own.
  return [...groups.values()].sort((a, b) => compare(weight(b), weight(a))).flat()
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** A device outranks any thread; a thread that calls the device or has ranges outranks one that does neither. */
function weight(group: readonly TrackData[]): number {
  const has = (kinds: readonly string[]): boolean => group.some(({ track }) => kinds.includes(track.kind))
  if (has(['device-owner', 'device-stream', 'device-phase'])) return Infinity
  const spans = group.reduce((sum, { track }) => sum + track.spans, 0)
  return has(['thread-api', 'thread-range']) ? spans + 1e15 : spans
}

/** A track by its id; only tracks of its own kind are made for it. */
export function findTrack(trace: Trace, id: string): TrackData | undefined {
  return byId
    .get(id.slice(0, id.indexOf('-')))?.(trace)
    .get(id)
}

/** By prefix, then by id: a capture of ten thousand threads has as many tracks, and each is asked for several times. */
const byId = new Map(
  makers.map(([prefix, make]) => [
    prefix,
    derived((trace: Trace) => new Map(make(trace).map((data) => [data.track.id, data]))),
  ]),
)

/** The same. Throws UserError('not-found') where there is none. */
export function trackOf(trace: Trace, id: string): TrackData {
  const data = findTrack(trace, id)
  if (data === undefined)
    throw new UserError('not-found', `this run has no track "${id}"; its tracks are listed at …/tracks`)
  return data
}

/** A track's lanes, and their union under UNION_LANE where there are several. */
interface Indexed {
  lanes: readonly { number: number; index: LaneIndex }[]
  samples: SampleIndex | undefined
}

const indexes = derived(() => new Map<string, Indexed>())

function indexOf(trace: Trace, data: TrackData): Indexed {
  const known = indexes(trace).get(data.track.id)
  if (known !== undefined) return known
  const lanes = data.lanes.map((lane, number) => ({
    number,
    index: indexLane(lane, data.track.classes.length),
  }))
  if (lanes.length > 1)
    lanes.push({ number: UNION_LANE, index: indexLane(unionOf(data.lanes), data.track.classes.length) })
  const made = { lanes, samples: data.samples === undefined ? undefined : indexSamples(data.samples) }
  indexes(trace).set(data.track.id, made)
  return made
}

/** All spans of all lanes as disjoint pieces. */
export function unionOf(lanes: readonly Lane[]): Lane {
  const length = lanes.reduce((sum, lane) => sum + lane.at.length, 0)
  const start = new Float64Array(length)
  const duration = new Float64Array(length)
  const label = new Uint32Array(length)
  const cls = new Uint8Array(length)
  const row = new Uint32Array(length)
  // Merge by start; upper lanes first, so that what contains comes before what it contains.
  const next = lanes.map(() => 0)
  for (let n = 0; n < length; n++) {
    let from = -1
    let earliest = Infinity
    for (let l = 0; l < lanes.length; l++) {
      const { at, columns } = lanes[l]!
      const time = next[l]! < at.length ? columns.start[at[next[l]!]!]! : Infinity
      if (time < earliest) {
        earliest = time
        from = l
      }
    }
    const { at, columns } = lanes[from]!
    const entry = at[next[from]!++]!
    start[n] = earliest
    duration[n] = columns.duration[entry]!
    label[n] = columns.label[entry]!
    cls[n] = columns.cls[entry]!
    row[n] = columns.row === undefined ? entry : columns.row[entry]!
  }
  const at = new Uint32Array(length)
  for (let i = 0; i < length; i++) at[i] = i
  return piecesOf({ table: lanes[0]!.columns.table, start, duration, label, cls, row }, at)
}

/** One tile. Throws UserError('not-found') for an unknown track, ('bad-request') for a level or index that cannot be. */
export function tileOf(trace: Trace, track: string, level: number, index: number): Tile {
  if (!Number.isInteger(level) || level < 0 || level > MAX_LEVEL)
    throw new UserError(
      'bad-request',
      `a tile's level is a whole number from 0 to ${MAX_LEVEL}, not ${level}`,
    )
  if (!Number.isSafeInteger(index))
    throw new UserError('bad-request', `a tile's index is a whole number, not ${index}`)
  const { lanes, samples } = indexOf(trace, trackOf(trace, track))
  const sections: Section[] = []
  for (const lane of lanes) {
    const section = sectionOf(lane.index, lane.number, level, index)
    if (section !== undefined) sections.push(section)
  }
  if (samples !== undefined) sections.push(sampleSection(samples, level, index))
  return { level, index, sections }
}
