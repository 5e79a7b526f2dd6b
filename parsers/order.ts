/**
 * Sorting by time without sorting rows: a permutation of row indices. Rows that are nearly in order, as exporters write
 * them, are put right in one pass; others are sorted by radix.
 *
 * Comparison sorting of a million indices costs about half a second in JavaScript; these passes cost 11 bits each, so a
 * capture of 100 s (37 bits of nanoseconds) takes four.
 */
import { orderOfRuns } from './nearly-sorted.ts'

const DIGIT_BITS = 11
const BUCKETS = 1 << DIGIT_BITS
const HALF = 2 ** 32

/** Whether the keys already ascend. */
export function isAscending(keys: Float64Array): boolean {
  for (let i = 1; i < keys.length; i++) if (keys[i]! < keys[i - 1]!) return false
  return true
}

/**
 * The order that sorts integer keys ascending, stably. Starts from `order` where given (so two calls sort by two keys);
 * that array is consumed.
 * Keys must be integers with (max − min) < 2^53.
 */
export function ascendingOrder(keys: Float64Array, order?: Uint32Array): Uint32Array {
  const n = keys.length
  let from = order ?? identityOrder(n)
  const nearly = orderOfRuns(keys, from)
  if (nearly !== undefined) return nearly
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < n; i++) {
    const key = keys[i]!
    if (key < min) min = key
    if (key > max) max = key
  }
  // Low and high halves as u32, so that digits are cut with integer shifts.
  const low = new Uint32Array(n)
  const high = max - min >= HALF ? new Uint32Array(n) : undefined
  for (let i = 0; i < n; i++) {
    const key = keys[i]! - min
    low[i] = key >>> 0
    if (high !== undefined) high[i] = Math.floor(key / HALF)
  }
  let to: Uint32Array = new Uint32Array(n)
  const pass = (words: Uint32Array, shift: number): void => {
    const starts = new Uint32Array(BUCKETS + 1)
    for (let i = 0; i < n; i++) starts[((words[i]! >>> shift) & (BUCKETS - 1)) + 1]!++
    for (let b = 0; b < BUCKETS; b++) starts[b + 1]! += starts[b]!
    for (let i = 0; i < n; i++) {
      const row = from[i]!
      to[starts[(words[row]! >>> shift) & (BUCKETS - 1)]!++] = row
    }
    ;[from, to] = [to, from]
  }
  const span = max - min
  for (let shift = 0; shift < 32 && span >= 2 ** shift; shift += DIGIT_BITS) pass(low, shift)
  if (high !== undefined)
    for (let shift = 0; shift < 32 && span / HALF >= 2 ** shift; shift += DIGIT_BITS) pass(high, shift)
  return from
}

export function identityOrder(length: number): Uint32Array {
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = i
  return order
}

/** order[i] = old row  →  result[old row] = i. */
export function inverseOrder(order: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) inverse[order[i]!] = i
  return inverse
}
