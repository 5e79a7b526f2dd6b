/**
 * A counter laid out for one view: lowest, highest and last value of each pixel column. Between samples a value holds.
 *
 *   value      ┌──┐
 *           ┌──┘  └────┐          low and high differ where several samples share a pixel
 *   ────────┘          └───
 */
import type { SampleSection } from '../../analysis/timeline/tile.ts'
import { tileNs } from '../../trace/timeline.ts'

export interface SamplePiece {
  section: SampleSection
  level: number
  index: number
  from: number
  to: number
}

export interface SampleLayout {
  low: Float64Array
  high: Float64Array
  last: Float64Array
}

/** NaN where nothing was sampled yet. `edges` are run times at the pixel columns' edges. */
export function layOutSamples(pieces: readonly SamplePiece[], edges: Float64Array): SampleLayout {
  const n = edges.length - 1
  const layout = {
    low: new Float64Array(n).fill(NaN),
    high: new Float64Array(n).fill(NaN),
    last: new Float64Array(n).fill(NaN),
  }
  for (const piece of pieces) put(layout, piece, edges)
  return layout
}

function put({ low, high, last }: SampleLayout, piece: SamplePiece, edges: Float64Array): void {
  const { section, level, index } = piece
  const tileFrom = index * tileNs(level)
  let value = section.before
  let next = 0
  const endOf = (i: number): number => tileFrom + (section.bucket[i]! + 1) * 2 ** level
  for (let pixel = 0; pixel < last.length; pixel++) {
    if (edges[pixel + 1]! <= piece.from) continue
    if (edges[pixel]! >= piece.to) break
    let least = value
    let most = value
    // A bucket counts for the pixel in which it ends.
    for (; next < section.bucket.length && endOf(next) <= edges[pixel + 1]!; next++) {
      const fresh = endOf(next) > edges[pixel]!
      least = fresh ? minOf(least, section.low[next]!) : section.last[next]!
      most = fresh ? maxOf(most, section.high[next]!) : section.last[next]!
      value = section.last[next]!
    }
    low[pixel] = minOf(low[pixel]!, least)
    high[pixel] = maxOf(high[pixel]!, most)
    last[pixel] = value
  }
}

const minOf = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b))
const maxOf = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b))
