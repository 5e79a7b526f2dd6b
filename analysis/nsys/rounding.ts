/**
 * Numbers as nsys prints them.
 *
 * nsys rounds in SQL, with SQLite 3.42, whose `round(x, 1)` is not the rounding of C or JavaScript: it adds half a digit
 * and, up to 2^42, a little more (3e-16 of the value), then cuts. So 72.35, which is 72.34999999999999 in binary, becomes
 * 72.4 there, and 72.3 with `toFixed(1)`.
 *
 *     cut to one decimal:   x + 0.05 + 3e-16·x
 */
import { cutDigits, plus, times, extended } from './extended.ts'

/** Above this SQLite adds no bias: it asks whether 1 + ⌊exponent / 3⌋ is below 15. */
const BIAS_LIMIT = 2 ** 42
/** Above this a double has no fraction left. */
const WHOLE = 2 ** 52
const BIAS = 3e-16

/** SQLite 3.42's round(x, 1). */
export function roundToTenths(x: number): number {
  const size = Math.abs(x)
  if (!(size < WHOLE)) return x
  const isBiased = size < BIAS_LIMIT
  const scaled = (size + 0.05 + (isBiased ? size * BIAS : 0)) * 10
  let cut = Math.floor(scaled)
  // This sum is good to a few parts in 10^16: nearer to a step than that, go SQLite's own way.
  const margin = scaled * 1e-14 + 1e-12
  if (scaled - cut < margin || cut + 1 - scaled < margin) cut = slowCut(size, isBiased)
  return (x < 0 ? -cut : cut) / 10
}

/** SQLite does it in 80-bit numbers, and takes the digits off one by one, each step rounded again. */
function slowCut(x: number, isBiased: boolean): number {
  const value = extended(x)
  const half = extended(0.05)
  const rounder = isBiased ? plus(half, times(value, extended(BIAS))) : half
  return cutDigits(plus(value, rounder), 1)
}

/**
 * A value with three decimals as Python's "%.3f" writes it: exact, ties to the even digit. JavaScript's toFixed takes the
 * greater one instead; the two differ only where the value is an odd number of sixteenths: 0.0625 → 0.062, not 0.063.
 */
export function writeThousandths(x: number): string {
  const sixteenths = x * 16
  if (!Number.isInteger(sixteenths) || sixteenths % 2 === 0) return x.toFixed(3)
  const lower = Math.floor(x * 1000)
  return ((lower % 2 === 0 ? lower : lower + 1) / 1000).toFixed(3)
}
