/**
 * Microseconds in decimal digits → nanoseconds, exactly.
 *
 *   1661203462598738.250 µs  =  1 661 203 462 598 738 µs + 250 ns
 *
 * As one number that is 1.66e18 ns, past 2^53, and as a double in µs it has steps of 0.25. So the digits before and behind
 * the point are kept apart, each exact; a difference of two such times is exact again.
 */
import { MORE } from './skip.ts'

const DOT = 0x2e
const MINUS = 0x2d

export class TimeReader {
  /** Whole microseconds, rounded down; NaN where the digits are no time or do not fit 2^53 µs (285 years). */
  us = NaN
  /** The rest in nanoseconds, 0 to 999. Digits behind the third are rounded half up. */
  rest = 0

  /** Reads the number at `at` and answers the index behind it, or MORE. What is no number leaves `us` NaN. */
  read(bytes: Buffer, at: number, end: number): number {
    let p = at
    const isNegative = bytes[p] === MINUS
    if (isNegative) p++
    const digits = p
    let us = 0
    let c = bytes[p]!
    while (c >= 0x30 && c <= 0x39) {
      us = us * 10 + (c - 0x30)
      c = bytes[++p]!
    }
    let isGood = p > digits && us < 2 ** 53
    let rest = 0
    if (c === DOT) {
      let place = 0
      c = bytes[++p]!
      while (c >= 0x30 && c <= 0x39) {
        if (place < 3) rest += (c - 0x30) * (place === 0 ? 100 : place === 1 ? 10 : 1)
        else if (place === 3 && c >= 0x35) rest++
        place++
        c = bytes[++p]!
      }
    }
    if (isWordByte(c)) {
      while (isWordByte(bytes[p]!)) p++
      if (p >= end) return MORE
      const slow = nanosecondsOf(bytes.toString('latin1', at, p))
      isGood = slow !== undefined
      if (slow !== undefined) {
        us = Number(slow / 1000n)
        rest = Number(slow % 1000n)
      }
    } else if (p >= end) return MORE
    if (rest === 1000) {
      us++
      rest = 0
    }
    if (isNegative && rest > 0) {
      us = -us - 1
      rest = 1000 - rest
    } else if (isNegative) us = 0 - us
    this.us = isGood ? us : NaN
    this.rest = rest
    return p
  }
}

const isWordByte = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) ||
  (c >= 0x41 && c <= 0x5a) ||
  (c >= 0x61 && c <= 0x7a) ||
  c === 0x2b ||
  c === MINUS ||
  c === DOT

/** Magnitude in nanoseconds of a decimal with an exponent, rounded half up; undefined for what is no time. */
function nanosecondsOf(text: string): bigint | undefined {
  const parts = /^-?(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,3})$/.exec(text)
  if (parts === null) return undefined
  const [, whole, fraction = '', exponent] = parts
  const digits = BigInt(whole! + fraction)
  const shift = Number(exponent) - fraction.length + 3
  if (shift > 30) return undefined
  const scaled =
    shift >= 0
      ? digits * 10n ** BigInt(shift)
      : (digits * 2n + 10n ** BigInt(-shift)) / (2n * 10n ** BigInt(-shift))
  return scaled < 2n ** 53n * 1000n ? scaled : undefined
}
