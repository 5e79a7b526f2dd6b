/**
 * Student's t distribution, for few observations. By the regularised incomplete beta function, as a continued fraction
 * (Abramowitz and Stegun 26.5.8, evaluated by Lentz' method).
 */

/** P(|T| ≥ |t|) with `freedom` > 0 degrees of freedom (not necessarily whole). */
export function twoSided(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? 1 : 0
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
}

const known = new Map<string, number>()

/** The t > 0 with P(|T| ≥ t) = `share`: 1.96 for 0.05 and many degrees of freedom, 12.7 for one. */
export function critical(share: number, freedom: number): number {
  const key = `${share} ${freedom}`
  const before = known.get(key)
  if (before !== undefined) return before
  let low = 0
  let high = 1
  while (twoSided(high, freedom) > share && high < 1e9) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (twoSided(middle, freedom) > share) low = middle
    else high = middle
  }
  if (known.size > 4096) known.clear()
  known.set(key, high)
  return high
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x))
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let value = d
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    const step = d * c
    value *= step
    if (Math.abs(step - 1) < 1e-14) break
  }
  return (front * value) / a
}

/** ln Γ(x), x > 0: Stirling's series from 10 on, brought there by Γ(x) = Γ(x + 1) / x. */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  while (at < 10) shift -= Math.log(at++)
  const r = 1 / (at * at)
  return (
    shift +
    (at - 0.5) * Math.log(at) -
    at +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - (r * (1 / 30 - (r * (2 / 7)) / 12)) / 12) / at
  )
}
