/** Order statistics. */

/** Sorted copy of the finite values. */
export const sortedValues = (values: Iterable<number>): Float64Array =>
  Float64Array.from([...values].filter((value) => Number.isFinite(value))).sort()

/** Value at share q of a sorted list, by linear interpolation between neighbours; NaN of nothing. q = 0.5 is the median. */
export function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return NaN
  const at = q * (sorted.length - 1)
  const low = Math.floor(at)
  const rest = at - low
  return rest === 0 ? sorted[low]! : sorted[low]! * (1 - rest) + sorted[low + 1]! * rest
}
