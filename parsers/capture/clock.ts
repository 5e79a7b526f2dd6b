/**
 * Putting a runtime's records on the axis of the ranges around its runs.
 *
 * The runtime counts microseconds since its own profiler began; nobody tells when that was. But each of its runs happened
 * inside a range, and that bounds the offset from both sides:
 *
 *   range     |------------------|             offset ≥ range.start − run.start
 *   run           |==========|                 offset ≤ range.end − run.end
 *
 * The more runs, the narrower what is left between the largest lower and the smallest upper bound. The middle of it is
 * taken; the error is at most half of it, and the microsecond that the runtime rounds down to.
 */
export interface Span {
  startNs: number
  endNs: number
}

export interface Offset {
  /** Added to the runtime's times. */
  offsetNs: number
  /** The true offset is within this of it. */
  errorNs: number
  /** The clocks do not run alike: no single offset puts every run inside its range. */
  drifts: boolean
}

const RESOLUTION_NS = 1000

/** `ranges[i]` is the range around `runs[i]`. Undefined without a pair. */
export function offsetBetween(ranges: readonly Span[], runs: readonly Span[]): Offset | undefined {
  const pairs = Math.min(ranges.length, runs.length)
  if (pairs === 0) return undefined
  let low = -Infinity
  let high = Infinity
  for (let i = 0; i < pairs; i++) {
    low = Math.max(low, ranges[i]!.startNs - runs[i]!.startNs)
    high = Math.min(high, ranges[i]!.endNs - runs[i]!.endNs)
  }
  return {
    offsetNs: Math.round((low + high) / 2),
    errorNs: Math.ceil(Math.abs(high - low) / 2) + RESOLUTION_NS,
    // Up to 1 µs the two may cross by the rounding alone.
    drifts: low - high > RESOLUTION_NS,
  }
}
