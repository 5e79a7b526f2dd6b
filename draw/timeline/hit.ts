/** What stands under a point, by the same layout that was drawn. */
import type { Box, LaneLayout } from './lane.ts'
import type { Row } from './rows.ts'
import type { TrackLayout } from './scene.ts'

export interface Hit {
  track: TrackLayout
  lane: number
  /** The lane's place, px of the rows' own axis. */
  y: number
  height: number
  /** A span drawn as a box, or the longest of what shares the pixel. */
  row: number
  label: number
  cls: number
  box: Box | undefined
  /** Of the pixel: spans that start in it, and the part of it that is busy. */
  count: number
  share: number
}

/** A box counts from 2 px around, so that what is narrow can be hit. */
const SLACK = 2

export function hitAt(
  tracks: readonly TrackLayout[],
  x: number,
  y: number,
  density: number,
): Hit | undefined {
  const track = tracks.find(({ row }) => y >= row.y && y < row.y + row.height)
  const lane = track?.lanes.find(({ row }) => y >= row.y - 1 && y <= row.y + row.height)
  if (track === undefined || lane === undefined) return undefined
  const { layout } = lane
  const place = { track, lane: lane.row.lane, y: lane.row.y, height: lane.row.height }
  const pixel = nearest(layout, Math.floor(x * density), Math.ceil(SLACK * density))
  const box = boxAt(layout.boxes, x)
  if (pixel === undefined && box === undefined) return undefined
  const count = pixel === undefined ? 0 : layout.pixels.count[pixel]!
  const share = pixel === undefined ? 1 : layout.pixels.share(pixel)
  if (box !== undefined) return { ...place, row: box.row, label: box.label, cls: box.cls, box, count, share }
  const { row, label, cls } = layout.pixels
  return {
    ...place,
    row: row[pixel!]!,
    label: label[pixel!]!,
    cls: cls[pixel!]!,
    box: undefined,
    count,
    share,
  }
}

/** A counter's values in a pixel column. */
export interface SampleHit {
  track: TrackLayout
  low: number
  high: number
  /** What it is at the column's end. */
  last: number
}

/** The counter under a point; undefined elsewhere, and before its first sample. */
export function sampleAt(
  tracks: readonly TrackLayout[],
  x: number,
  y: number,
  density: number,
): SampleHit | undefined {
  const track = tracks.find(({ row }) => y >= row.y && y < row.y + row.height)
  const last = track?.samples?.last[Math.floor(x * density)]
  if (track?.samples === undefined || last === undefined || Number.isNaN(last)) return undefined
  const { low, high } = track.samples
  return { track, low: low[Math.floor(x * density)]!, high: high[Math.floor(x * density)]!, last }
}

function boxAt(boxes: readonly Box[], x: number): Box | undefined {
  let low = 0
  let high = boxes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (boxes[middle]!.x1 <= x) low = middle + 1
    else high = middle
  }
  const box = boxes[low]
  return box !== undefined && box.x0 <= x ? box : undefined
}

/** The pixel, or the nearest one within `slack` that holds something. */
function nearest({ pixels }: LaneLayout, pixel: number, slack: number): number | undefined {
  for (let distance = 0; distance <= slack; distance++)
    for (const at of [pixel - distance, pixel + distance])
      if (at >= 0 && at < pixels.length && pixels.filled[at] === 1) return at
  return undefined
}

/** The row of the list under a height. */
export const rowAtY = (rows: readonly Row[], y: number): Row | undefined =>
  rows.find((row) => y >= row.y && y < row.y + row.height)
