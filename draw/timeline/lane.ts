/**
 * One lane laid out for one view: a row of pixels for everything, and a box for each span wide enough to be one.
 * The same layout is drawn and hit.
 */
import type { BucketSection, SpanSection } from '../../analysis/timeline/tile.ts'
import { TILE_BUCKETS, tileNs } from '../../trace/timeline.ts'
import type { Axis } from './axis.ts'
import { PixelRow } from './pixel-row.ts'
import { xOf } from './viewport.ts'
import type { Viewport } from './viewport.ts'

/** A stretch of a lane, told by one tile: the part of it in [from, to) counts. Pieces ascend and do not overlap. */
export interface Piece {
  section: SpanSection | BucketSection
  level: number
  index: number
  from: number
  to: number
}

/** A span of BOX_PX or more; x in CSS pixels, may lie outside of the view. */
export interface Box {
  x0: number
  x1: number
  /** Run time; of a box told by buckets, their edges. */
  from: number
  to: number
  /** Told by spans alone: `from` and `to` are its very edges. */
  isExact: boolean
  row: number
  label: number
  cls: number
}

export interface LaneLayout {
  pixels: PixelRow
  boxes: Box[]
}

/** Other colours for a track's spans: each one's class, as an index into `classes`. */
export interface Recolour {
  classes: readonly string[]
  of(row: number): number
}

/** From this width on a span is drawn as a box of its own, with an edge. */
export const BOX_PX = 3

/** Run times at the edges of the view's pixel columns; `density` columns stand in one CSS pixel. */
export function edgesOf(view: Viewport, axis: Axis, density: number): Float64Array {
  const columns = Math.max(1, Math.round(view.width * density))
  const edges = new Float64Array(columns + 1)
  for (let i = 0; i <= columns; i++) edges[i] = axis.toRun(view.from + ((view.to - view.from) * i) / columns)
  return edges
}

export function layOutLane(
  pieces: readonly Piece[],
  view: Viewport,
  axis: Axis,
  edges: Float64Array,
  recolour?: Recolour,
): LaneLayout {
  const layout: LaneLayout = { pixels: new PixelRow(edges), boxes: [] }
  const boxes = new BoxRun(view, axis, layout.boxes)
  for (const piece of pieces) {
    if (piece.section.kind === 'spans') addSpans(layout.pixels, boxes, piece, piece.section, recolour)
    else addBuckets(layout.pixels, boxes, piece, piece.section, recolour)
  }
  boxes.end()
  return layout
}

function addSpans(
  pixels: PixelRow,
  boxes: BoxRun,
  piece: Piece,
  section: SpanSection,
  recolour?: Recolour,
): void {
  const { start, duration, row, label } = section
  const cls = classesOf(section, recolour)
  for (let i = 0; i < start.length; i++) {
    const end = start[i]! + duration[i]!
    if (end < piece.from || start[i]! >= piece.to) continue
    const from = Math.max(start[i]!, piece.from)
    const to = Math.min(end, piece.to)
    // A span that ends where the piece begins is no part of it, unless it is an instant that stands there.
    if (to <= from && duration[i]! > 0) continue
    pixels.add(from, to, to - from, cls[i]!, row[i]!, label[i]!, start[i]! >= piece.from ? 1 : 0)
    boxes.add(start[i]!, end, row[i]!, label[i]!, cls[i]!, true)
  }
}

/** By the tile, or by each row (of a bucket: that of its longest span). */
const classesOf = ({ cls, row }: SpanSection | BucketSection, recolour?: Recolour): ArrayLike<number> =>
  recolour === undefined ? cls : Uint8Array.from(row, (one) => recolour.of(one))

function addBuckets(
  pixels: PixelRow,
  boxes: BoxRun,
  piece: Piece,
  section: BucketSection,
  recolour?: Recolour,
): void {
  const bucketNs = 2 ** piece.level
  const tileFrom = piece.index * tileNs(piece.level)
  const { bucket, busy, count, row, label } = section
  const cls = classesOf(section, recolour)
  for (let i = 0; i < bucket.length && bucket[i]! < TILE_BUCKETS; i++) {
    const low = tileFrom + bucket[i]! * bucketNs
    const from = Math.max(low, piece.from)
    const to = Math.min(low + bucketNs, piece.to)
    if (to <= from) continue
    pixels.add(from, to, (busy[i]! * (to - from)) / bucketNs, cls[i]!, row[i]!, label[i]!, count[i]!)
    boxes.add(from, to, row[i]!, label[i]!, cls[i]!, false)
  }
}

/**
 * Collects boxes. Of a span that reaches over several buckets each bucket names it as its longest; touching ones of one
 * row are one box. A bucket alone is no box: it may hold many spans.
 */
class BoxRun {
  readonly #view: Viewport
  readonly #axis: Axis
  readonly #boxes: Box[]
  #from = 0
  #to = 0
  #row = -1
  #label = 0
  #cls = 0
  #parts = 0
  #isExact = true

  constructor(view: Viewport, axis: Axis, boxes: Box[]) {
    this.#view = view
    this.#axis = axis
    this.#boxes = boxes
  }

  add(from: number, to: number, row: number, label: number, cls: number, isWhole: boolean): void {
    if (row === this.#row && from <= this.#to) {
      this.#to = Math.max(this.#to, to)
      // The first bucket is shared with what came before; of the second, the span itself has most.
      if (this.#parts === 1) this.#cls = cls
      this.#parts++
      this.#isExact &&= isWhole
      return
    }
    this.end()
    this.#from = from
    this.#to = to
    this.#row = row
    this.#label = label
    this.#cls = cls
    // A span as it is counts as one at once; a bucket only together with its neighbour.
    this.#parts = isWhole ? 2 : 1
    this.#isExact = isWhole
  }

  end(): void {
    if (this.#row >= 0 && this.#parts > 1) {
      const x0 = xOf(this.#view, this.#axis.toView(this.#from))
      const x1 = xOf(this.#view, this.#axis.toView(this.#to))
      if (x1 - x0 >= BOX_PX)
        this.#boxes.push({
          x0,
          x1,
          from: this.#from,
          to: this.#to,
          isExact: this.#isExact,
          row: this.#row,
          label: this.#label,
          cls: this.#cls,
        })
    }
    this.#row = -1
  }
}
