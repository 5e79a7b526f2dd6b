/**
 * Positive 80-bit floating-point numbers (64 bits of mantissa), in which SQLite on x86-64 writes out decimals: value =
 * mantissa · 2^exponent. Every operation rounds to the nearest, ties to even.
 */
export interface Extended {
  readonly mantissa: bigint
  readonly exponent: number
}

const BITS = 64
const view = new DataView(new ArrayBuffer(8))

/** A positive double, exact. */
export function extended(x: number): Extended {
  view.setFloat64(0, x)
  const raw = view.getBigUint64(0)
  const exponent = Number(raw >> 52n)
  const fraction = raw & 0xfffffffffffffn
  return exponent === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: exponent - 1075 }
}

function rounded(mantissa: bigint, exponent: number): Extended {
  const excess = mantissa.toString(2).length - BITS
  if (excess <= 0) return { mantissa, exponent }
  const shift = BigInt(excess)
  const kept = mantissa >> shift
  const rest = mantissa - (kept << shift)
  const half = 1n << (shift - 1n)
  const isUp = rest > half || (rest === half && (kept & 1n) === 1n)
  return { mantissa: kept + (isUp ? 1n : 0n), exponent: exponent + excess }
}

export function plus(a: Extended, b: Extended): Extended {
  const exponent = Math.min(a.exponent, b.exponent)
  const at = (x: Extended): bigint => x.mantissa << BigInt(x.exponent - exponent)
  return rounded(at(a) + at(b), exponent)
}

export const times = (a: Extended, b: Extended): Extended =>
  rounded(a.mantissa * b.mantissa, a.exponent + b.exponent)

/** a / n, for a whole number n of at most 64 bits. */
function over(a: Extended, n: bigint): Extended {
  // 2·BITS more bits than the quotient needs; a remainder only has to keep it off a tie.
  const wide = a.mantissa << BigInt(2 * BITS)
  const quotient = wide / n
  return rounded(quotient * 2n + (quotient * n === wide ? 0n : 1n), a.exponent - 2 * BITS - 1)
}

/** ⌊x⌋ */
const whole = (x: Extended): bigint =>
  x.exponent >= 0 ? x.mantissa << BigInt(x.exponent) : x.mantissa >> BigInt(-x.exponent)

/**
 * x cut after `decimals` decimals, as a whole number of the last one, the way SQLite writes a number: divided by a power of
 * ten to below 10, then digit by digit off the front, the rest times ten.
 */
export function cutDigits(x: Extended, decimals: number): number {
  let power = 1n
  let digits = 1
  while (whole(x) >= 10n * power) {
    power *= 10n
    digits++
  }
  let rest = over(x, power)
  let result = 0n
  for (let i = 0; i < digits + decimals; i++) {
    const digit = whole(rest)
    result = result * 10n + digit
    const shift = BigInt(Math.max(0, -rest.exponent))
    rest = rounded((rest.mantissa - (digit << shift)) * 10n, rest.exponent)
  }
  return Number(result)
}
