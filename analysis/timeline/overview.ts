/**
 * What a timeline shows first: its tracks, and their tiles from the one that holds the whole down to those that a large
 * screen needs for it. Made once at import; everything finer is made when it is asked for.
 */
import { reachOf, rootLevel, tileNs } from '../../trace/timeline.ts'
import type { Track } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { encodeTile } from './tile-code.ts'
import { tileOf, tracksOf } from './timeline.ts'

/** 512 buckets, then 1,024, 2,048 and 4,096: a bucket a pixel on any screen. */
const LEVELS = 4

export interface OverviewTile {
  track: string
  level: number
  index: number
  bytes: Uint8Array
}

export interface Overview {
  tracks: Track[]
  tiles: Iterable<OverviewTile>
}

export const publicTracks = (trace: Trace): Track[] => tracksOf(trace).map(({ track }) => track)

/** Tiles are made one by one as they are taken. */
export const overviewOf = (trace: Trace): Overview => {
  const tracks = publicTracks(trace)
  return { tracks, tiles: tilesOf(trace, tracks) }
}

function* tilesOf(trace: Trace, tracks: readonly Track[]): Generator<OverviewTile> {
  const root = rootLevel(reachOf(tracks))
  for (const { id, firstNs, lastNs } of tracks)
    for (let level = root; level > Math.max(root - LEVELS, -1); level--)
      for (let index = Math.floor(firstNs / tileNs(level)); index * tileNs(level) <= lastNs; index++)
        yield { track: id, level, index, bytes: encodeTile(tileOf(trace, id, level, index)) }
}
