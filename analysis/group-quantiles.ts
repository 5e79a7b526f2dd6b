/**
 * Quantiles of groups without sorting: values fall into buckets that keep their order, each group counts its own, and only
 * those in the bucket that holds a wanted rank are compared with one another.
 *
 *   value − least   0      1      3      7     15  …      128 buckets a doubling, so that two values share one
 *   bucket          0    128    256    384    512         if they are less than 1 % apart
 */
import { NONE, NONE_U16 } from '../trace/column.ts'
import type { Groups } from './groups.ts'
import { select } from './statistics.ts'

/** Values with their buckets: made once, asked for several groupings. */
export interface Bucketed {
  values: Float64Array
  /** Bucket of each value; NONE_U16 of NaN, which counts for nothing. */
  bucket: Uint16Array
  /** All buckets are below. */
  buckets: number
}

/** Sign, exponent and the first 7 bits of the fraction of a 32-bit float: greater for a greater number from 1 on. */
const KEPT_BITS = 16
const BUCKET_OF_ONE = 0x3f80

export function bucketed(values: Float64Array): Bucketed {
  const least = leastOf(values)
  const float = new Float32Array(1)
  const bits = new Uint32Array(float.buffer)
  const bucket = new Uint16Array(values.length)
  let greatest = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) {
      bucket[i] = NONE_U16
      continue
    }
    float[0] = value - least + 1
    const mine = (bits[0]! >>> KEPT_BITS) - BUCKET_OF_ONE
    if (mine > greatest) greatest = mine
    bucket[i] = mine
  }
  return { values, bucket, buckets: greatest + 1 }
}

function leastOf(values: Float64Array): number {
  let least = Infinity
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!
  return least
}

/**
 * The value at each share of each group's sorted values, by linear interpolation between neighbours (0.5 is the median):
 * one array a share, by group; NaN where a group has no value.
 */
export function quantilesOf(
  column: Bucketed,
  { of, count }: Groups,
  shares: readonly number[],
): Float64Array[] {
  // Where there are many groups, each has wider buckets: the table stays about as long as the column.
  const last = column.buckets - 1
  let shift = 0
  while (last >> shift > 0 && count * (last >> shift) > 2 * of.length + 65_536) shift++
  const width = (last >> shift) + 1
  const table = new Uint32Array(count * width)
  countInto(table, column.bucket, of, width, shift)
  const wanted: Wanted[][] = []
  let room = 0
  for (let group = 0; group < count; group++) {
    wanted.push(wantedOf(table.subarray(group * width, (group + 1) * width), shares, room))
    for (const { low, high } of wanted[group]!) room = Math.max(room, low.to, high.to)
  }
  const found = new Float64Array(room)
  collectInto(found, table, column, of, width, shift)
  return shares.map((_, k) =>
    Float64Array.from(wanted, (of) => (of[k] === undefined ? NaN : valueOf(found, of[k]))),
  )
}

// Each long loop has a function of its own: V8 then compiles it while it runs for the first time, and but once.

/** Counts the values of each group's buckets. */
function countInto(
  table: Uint32Array,
  bucket: Uint16Array,
  of: Uint32Array,
  width: number,
  shift: number,
): void {
  for (let i = 0; i < bucket.length; i++)
    if (bucket[i] !== NONE_U16) table[of[i]! * width + (bucket[i]! >> shift)]!++
}

/** Puts each value of a wanted bucket in the next place of that bucket. */
function collectInto(
  found: Float64Array,
  table: Uint32Array,
  { values, bucket }: Bucketed,
  of: Uint32Array,
  width: number,
  shift: number,
): void {
  for (let i = 0; i < bucket.length; i++) {
    if (bucket[i] === NONE_U16) continue
    const place = of[i]! * width + (bucket[i]! >> shift)
    if (table[place] !== NONE) found[table[place]!++] = values[i]!
  }
}

/** The value of rank `at` among found[from … to − 1]. */
interface Rank {
  from: number
  to: number
  at: number
}
/** The neighbours of a quantile, and how far it lies from the lower to the higher. */
interface Wanted {
  low: Rank
  high: Rank
  rest: number
}

/** What one group's counts say of its quantiles; empty without values. The counts become places from `room` on, or NONE. */
function wantedOf(row: Uint32Array, shares: readonly number[], room: number): Wanted[] {
  for (let b = 1; b < row.length; b++) row[b]! += row[b - 1]!
  const size = row[row.length - 1]!
  if (size === 0) return []
  const places = new Map<number, Rank>()
  let next = room
  const rankOf = (rank: number): Rank => {
    const b = firstAbove(row, rank)
    const before = b === 0 ? 0 : row[b - 1]!
    let place = places.get(b)
    if (place === undefined) {
      place = { from: next, to: next + row[b]! - before, at: 0 }
      places.set(b, place)
      next = place.to
    }
    return { ...place, at: place.from + rank - before }
  }
  const wanted = shares.map((share): Wanted => {
    const at = share * (size - 1)
    return { low: rankOf(Math.floor(at)), high: rankOf(Math.ceil(at)), rest: at - Math.floor(at) }
  })
  row.fill(NONE)
  for (const [b, { from }] of places) row[b] = from
  return wanted
}

function valueOf(found: Float64Array, { low, high, rest }: Wanted): number {
  select(found, low.from, low.to - 1, low.at)
  const value = found[low.at]!
  if (rest === 0) return value
  select(found, high.from, high.to - 1, high.at)
  return value * (1 - rest) + found[high.at]! * rest
}

/** First position whose value is above x, in an ascending array. */
function firstAbove(values: Uint32Array, x: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! > x) high = middle
    else low = middle + 1
  }
  return low
}
