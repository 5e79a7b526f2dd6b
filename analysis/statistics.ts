/**
 * The statistics of nsys' summaries, per group: sum, mean, median (mean of the two middle values), least, greatest, and the
 * sample standard deviation (n − 1; 0 for fewer than two values, even for none). A value that is NaN is SQL's NULL and
 * counts for nothing.
 */
import type { Groups } from './groups.ts'

/** One value a group each; average, median, minimum and maximum are NaN where a group has no value. */
export interface Statistics {
  count: Float64Array
  total: Float64Array
  average: Float64Array
  median: Float64Array
  minimum: Float64Array
  maximum: Float64Array
  deviation: Float64Array
}

export function statisticsOf(values: Float64Array, groups: Groups): Statistics {
  const make = (fill = 0): Float64Array => new Float64Array(groups.count).fill(fill)
  const s: Statistics = {
    count: countsOf(values, groups),
    total: make(),
    average: make(NaN),
    median: make(NaN),
    minimum: make(NaN),
    maximum: make(NaN),
    deviation: make(),
  }
  const { sorted, from } = byGroup(values, groups, s.count)
  for (let group = 0; group < groups.count; group++)
    if (s.count[group]! > 0) measureGroup(s, group, sorted, from[group]!, from[group]! + s.count[group]!)
  return s
}

/** Values that are none of NaN, a group. */
function countsOf(values: Float64Array, { of, count }: Groups): Float64Array {
  const counts = new Float64Array(count)
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row]!)) counts[of[row]!]!++
  return counts
}

/** Statistics of values[from … to − 1], which are reordered. */
function measureGroup(s: Statistics, group: number, values: Float64Array, from: number, to: number): void {
  let total = 0
  let least = Infinity
  let greatest = -Infinity
  // Welford's running mean and sum of squared deviations.
  let mean = 0
  let squares = 0
  for (let i = from; i < to; i++) {
    const value = values[i]!
    total += value
    if (value < least) least = value
    if (value > greatest) greatest = value
    const delta = value - mean
    mean += delta / (i - from + 1)
    squares += delta * (value - mean)
  }
  s.total[group] = total
  s.minimum[group] = least
  s.maximum[group] = greatest
  s.average[group] = total / (to - from)
  s.median[group] = medianOf(values, from, to)
  if (to - from > 1) s.deviation[group] = Math.sqrt(squares / (to - from - 1))
}

/** The values with those of a group side by side. */
function byGroup(
  values: Float64Array,
  groups: Groups,
  count: Float64Array,
): { sorted: Float64Array; from: Float64Array } {
  const from = new Float64Array(groups.count)
  let all = 0
  for (let group = 0; group < groups.count; group++) {
    from[group] = all
    all += count[group]!
  }
  const at = from.slice()
  const sorted = new Float64Array(all)
  for (let row = 0; row < values.length; row++)
    if (!Number.isNaN(values[row]!)) sorted[at[groups.of[row]!]!++] = values[row]!
  return { sorted, from }
}

/** The median of values[from … to − 1], which is reordered. */
export function medianOf(values: Float64Array, from: number, to: number): number {
  const middle = (from + to) >> 1
  select(values, from, to - 1, middle)
  const upper = values[middle]!
  if ((to - from) % 2 === 1) return upper
  let lower = -Infinity
  for (let i = from; i < middle; i++) if (values[i]! > lower) lower = values[i]!
  return (lower + upper) / 2
}

/** In a stretch longer than this, choosing the pivot by a sample pays: Floyd and Rivest's own number. */
const SAMPLED_FROM = 600

/**
 * Reorders values[low … high] until the one at `at` is where sorting would put it: the selection of Floyd and Rivest
 * (Algorithm 489, CACM 18, 1975). The pivot comes from a sample around the wanted rank, so nearly all of one side falls away:
 *
 *   low ······[ sample ]······ high     n^(2/3) of n values, ordered at their own share of the rank,
 *                  ^ at                 a standard deviation further out so that the rank stays inside
 */
export function select(values: Float64Array, low: number, high: number, at: number): void {
  while (low < high) {
    if (high - low > SAMPLED_FROM) {
      const n = high - low + 1
      const rank = at - low + 1
      const logN = Math.log(n)
      const sample = 0.5 * Math.exp((2 * logN) / 3)
      const spread = 0.5 * Math.sqrt((logN * sample * (n - sample)) / n) * Math.sign(rank - n / 2)
      const first = Math.floor(at - (rank * sample) / n + spread)
      const last = Math.floor(at + ((n - rank) * sample) / n + spread)
      select(values, Math.max(low, first), Math.min(high, last), at)
    }
    const pivot = values[at]!
    let i = low
    let j = high
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i <= j) {
        const swap = values[i]!
        values[i++] = values[j]!
        values[j--] = swap
      }
    }
    if (at <= j) high = j
    else if (at >= i) low = i
    else return
  }
}
