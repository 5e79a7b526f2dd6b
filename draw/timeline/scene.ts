/** A track laid out for one view from the tiles at hand. */
import type { Tile } from '../../analysis/timeline/tile.ts'
import type { Axis } from './axis.ts'
import { layOutLane } from './lane.ts'
import type { LaneLayout, Piece, Recolour } from './lane.ts'
import type { LaneRow, TrackRow } from './rows.ts'
import { layOutSamples } from './samples.ts'
import type { SampleLayout, SamplePiece } from './samples.ts'
import type { Viewport } from './viewport.ts'

/** The part [from, to) of a tile that is to be drawn; run time. Parts ascend and do not overlap. */
export interface CoverPiece {
  tile: Tile
  from: number
  to: number
}

export interface TrackLayout {
  row: TrackRow
  lanes: readonly { row: LaneRow; layout: LaneLayout }[]
  samples: SampleLayout | undefined
  /** What the class numbers of the lanes stand for. */
  classes: readonly string[]
}

/** `edges`: run time at the pixel columns' edges (lane.ts, edgesOf). */
export function layOutTrack(
  row: TrackRow,
  cover: readonly CoverPiece[],
  view: Viewport,
  axis: Axis,
  edges: Float64Array,
  recolour?: Recolour,
): TrackLayout {
  const samplePieces: SamplePiece[] = []
  const pieces = new Map<number, Piece[]>()
  for (const { tile, from, to } of cover)
    for (const section of tile.sections) {
      const place = { level: tile.level, index: tile.index, from, to }
      if (section.kind === 'samples') samplePieces.push({ section, ...place })
      else {
        const known = pieces.get(section.lane)
        if (known === undefined) pieces.set(section.lane, [{ section, ...place }])
        else known.push({ section, ...place })
      }
    }
  return {
    row,
    classes: recolour?.classes ?? row.track.classes,
    lanes: row.lanes.flatMap((lane) => {
      const found = pieces.get(lane.lane)
      return found === undefined
        ? []
        : [{ row: lane, layout: layOutLane(found, view, axis, edges, recolour) }]
    }),
    samples: samplePieces.length > 0 ? layOutSamples(samplePieces, edges) : undefined,
  }
}
