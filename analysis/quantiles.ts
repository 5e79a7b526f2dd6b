/** Order statistics. */
import { select } from './statistics.ts'

/** The finite values, copied. */
export function finiteValues(values: ArrayLike<number>): Float64Array {
  const finite = new Float64Array(values.length)
  let n = 0
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) finite[n++] = values[i]!
  return finite.subarray(0, n)
}

/** Sorted copy of the finite values. */
export const sortedValues = (values: ArrayLike<number>): Float64Array => finiteValues(values).sort()

/** `quantile` of a list that is not sorted; reorders it. One of a million values costs a tenth of sorting them. */
export function quantileOfUnsorted(values: Float64Array, q: number): number {
  if (values.length === 0) return NaN
  const at = q * (values.length - 1)
  const low = Math.floor(at)
  const rest = at - low
  select(values, 0, values.length - 1, low)
  if (rest === 0) return values[low]!
  let next = Infinity
  for (let i = low + 1; i < values.length; i++) if (values[i]! < next) next = values[i]!
  return values[low]! * (1 - rest) + next * rest
}

/** The same at two shares, the second no smaller: it is looked for only above the first. */
export function twoQuantilesOfUnsorted(values: Float64Array, q1: number, q2: number): [number, number] {
  const first = quantileOfUnsorted(values, q1)
  if (values.length === 0) return [first, first]
  // All from here on are no less than all before.
  const from = Math.floor(q1 * (values.length - 1))
  const at = q2 * (values.length - 1)
  const rest = at - Math.floor(at)
  const low = Math.floor(at)
  select(values, from, values.length - 1, low)
  if (rest === 0) return [first, values[low]!]
  let next = Infinity
  for (let i = low + 1; i < values.length; i++) if (values[i]! < next) next = values[i]!
  return [first, values[low]! * (1 - rest) + next * rest]
}

/** Value at share q of a sorted list, by linear interpolation between neighbours; NaN of nothing. q = 0.5 is the median. */
export function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return NaN
  const at = q * (sorted.length - 1)
  const low = Math.floor(at)
  const rest = at - low
  return rest === 0 ? sorted[low]! : sorted[low]! * (1 - rest) + sorted[low + 1]! * rest
}
