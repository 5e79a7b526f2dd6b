/**
 * A counter's part of a tile: lowest, highest and last value of each bucket that holds a sample.
 * Blocks of 64 samples keep their extremes, so that a bucket of a million samples reads 64 · 2 of them and the blocks between.
 */
import { TILE_BUCKETS, tileNs } from '../../trace/timeline.ts'
import type { SampleSection } from './tile.ts'
import type { Samples } from './track-data.ts'

const SHIFT = 6

export interface SampleIndex {
  readonly samples: Samples
  readonly low: Float64Array
  readonly high: Float64Array
}

export function indexSamples(samples: Samples): SampleIndex {
  const blocks = Math.ceil(samples.time.length / 2 ** SHIFT)
  const low = new Float64Array(blocks).fill(Infinity)
  const high = new Float64Array(blocks).fill(-Infinity)
  for (let i = 0; i < samples.time.length; i++) {
    const block = i >>> SHIFT
    low[block] = Math.min(low[block]!, samples.value[i]!)
    high[block] = Math.max(high[block]!, samples.value[i]!)
  }
  return { samples, low, high }
}

/** How many samples were taken before `time`. */
export function sampledBefore(time: Float64Array, before: number): number {
  let low = 0
  let high = time.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (time[middle]! < before) low = middle + 1
    else high = middle
  }
  return low
}

export function sampleSection(index: SampleIndex, level: number, tile: number): SampleSection {
  const { time, value } = index.samples
  const from = tile * tileNs(level)
  const bucket = new Uint16Array(TILE_BUCKETS)
  const low = new Float64Array(TILE_BUCKETS)
  const high = new Float64Array(TILE_BUCKETS)
  const last = new Float64Array(TILE_BUCKETS)
  let n = 0
  let first = sampledBefore(time, from)
  const before = first === 0 ? NaN : value[first - 1]!
  for (let b = 0; b < TILE_BUCKETS && first < time.length; b++) {
    const end = sampledBefore(time, from + (b + 1) * 2 ** level)
    if (end > first) {
      const [least, most] = extremes(index, first, end)
      bucket[n] = b
      low[n] = least
      high[n] = most
      last[n++] = value[end - 1]!
      first = end
    }
  }
  return {
    kind: 'samples',
    lane: 0,
    before,
    bucket: bucket.subarray(0, n),
    low: low.subarray(0, n),
    high: high.subarray(0, n),
    last: last.subarray(0, n),
  }
}

function extremes({ samples, low, high }: SampleIndex, first: number, end: number): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (let i = first; i < end;) {
    const whole = (i & (2 ** SHIFT - 1)) === 0 && i + 2 ** SHIFT <= end
    least = Math.min(least, whole ? low[i >>> SHIFT]! : samples.value[i]!)
    most = Math.max(most, whole ? high[i >>> SHIFT]! : samples.value[i]!)
    i += whole ? 2 ** SHIFT : 1
  }
  return [least, most]
}
