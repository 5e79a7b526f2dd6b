/**
 * Where the names of points stand in a scatter: beside their point where there is room, else a line or more away, with a
 * leader to it.
 *
 *   name ●      ● name        name          ●
 *                               ●       name
 */

export interface LabelledPoint {
  /** The point's middle, px. */
  readonly x: number
  readonly y: number
  /** Of its label, px. */
  readonly width: number
}
export interface Place {
  /** Where the text is anchored: its start, middle or end; `y` is the middle of its line. */
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  /** Too far from its point to be read without a line between. */
  readonly apart: boolean
}
export interface Room {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** Stretches that labels should not cover: other texts. */
  readonly taken?: readonly Box[]
}
export interface Box {
  readonly x0: number
  readonly x1: number
  readonly y0: number
  readonly y1: number
}

const LINE = 15
/** From a dot's middle to its label. */
const BESIDE = 10
const DOT = 6
/** Lines away that are tried. */
const FARTHEST = 8

/** Beside the points, in their order. Where no place is free a label stands right of its point, over what is there. */
export function placeLabels(points: readonly LabelledPoint[], room: Room): Place[] {
  const dots = points.map(({ x, y }): Box => ({ x0: x - DOT, x1: x + DOT, y0: y - DOT, y1: y + DOT }))
  const taken: Box[] = [...dots, ...(room.taken ?? [])]
  const places = points.map((point) => candidates(point)[0]!)
  // From the top, so that names of points below each other keep their order.
  const order = points.map((_, i) => i).sort((a, b) => points[a]!.y - points[b]!.y)
  for (const i of order) {
    const { width } = points[i]!
    const free = candidates(points[i]!).find((place) => {
      const box = boxOf(place, width)
      return isInside(box, room) && !taken.some((other) => overlaps(box, other))
    })
    if (free !== undefined) places[i] = free
    taken.push(boxOf(places[i]!, width))
  }
  return places
}

function candidates({ x, y }: LabelledPoint): Place[] {
  const right = (dy: number): Place => ({ x: x + BESIDE, y: y + dy, anchor: 'start', apart: dy !== 0 })
  const left = (dy: number): Place => ({ x: x - BESIDE, y: y + dy, anchor: 'end', apart: dy !== 0 })
  const near: Place[] = [
    right(0),
    left(0),
    { x, y: y - LINE, anchor: 'middle', apart: false },
    { x, y: y + LINE, anchor: 'middle', apart: false },
  ]
  for (let lines = 1; lines <= FARTHEST; lines++)
    for (const dy of [lines * LINE, -lines * LINE]) near.push(right(dy), left(dy))
  return near
}

function boxOf({ x, y, anchor }: Place, width: number): Box {
  const x0 = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { x0, x1: x0 + width, y0: y - LINE / 2, y1: y + LINE / 2 }
}

const isInside = ({ x0, x1, y0, y1 }: Box, { left, right, top, bottom }: Room): boolean =>
  x0 >= left && x1 <= right && y0 >= top && y1 <= bottom

const overlaps = (a: Box, b: Box): boolean => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
