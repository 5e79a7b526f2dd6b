/** What a tile holds: per lane either its spans, when they are few, or one line per bucket that has anything in it. */

/** Up to so many spans of a lane in a tile are sent as they are; more are sent as buckets. */
export const SPANS_IN_TILE = 512

/** Spans of a lane that touch the tile, ascending; their ends may lie outside of it. Columns of equal length. */
export interface SpanSection {
  kind: 'spans'
  lane: number
  /** ns on the run's axis. */
  start: Float64Array
  duration: Float64Array
  row: Uint32Array
  label: Uint32Array
  cls: Uint8Array
}

/** Buckets of a lane that hold anything, ascending. */
export interface BucketSection {
  kind: 'buckets'
  lane: number
  /** 0 … TILE_BUCKETS − 1. */
  bucket: Uint16Array
  /** Integer ns of the bucket in which the lane is busy. */
  busy: Float64Array
  /** Spans that start in the bucket. */
  count: Uint32Array
  /** The span with the largest part in the bucket. */
  row: Uint32Array
  label: Uint32Array
  /** The class with the most busy ns; of the span in `row` where nothing is busy. */
  cls: Uint8Array
}

/** A counter's buckets that hold a sample, ascending. Between samples a value holds. */
export interface SampleSection {
  kind: 'samples'
  lane: 0
  /** Value at the tile's start; NaN before the first sample. */
  before: number
  bucket: Uint16Array
  low: Float64Array
  high: Float64Array
  last: Float64Array
}

export type Section = SpanSection | BucketSection | SampleSection

export interface Tile {
  level: number
  index: number
  sections: Section[]
}
