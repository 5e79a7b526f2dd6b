/**
 * Is a difference real? Two samples of iterations, each from one or more captures, and an interval for the difference of
 * their means that holds for few iterations, for iterations that resemble their neighbours, and for captures that drift.
 *
 *   independent       x  x x   x x  x       resample single iterations
 *   autocorrelated    xxx   xx    xxx       resample blocks; the means of blocks vary more
 *   drifting          . . : : ' '           what the drift within a capture could make by itself is no difference
 *
 * docs/diff.md has the formulas, how often it is wrong, and how small a difference it finds.
 */
import { drawer } from './random.ts'
import { critical, twoSided } from './student-t.ts'

export type Verdict = 'regressed' | 'improved' | 'not-detectable' | 'too-few-iterations'

/** Fewer warm iterations than this on a side: the spread is shown, no significance is claimed. */
export const FEWEST = 5
/** Share of false alarms that is put up with. */
export const ALPHA = 0.05
/** P(|Z| ≥ z) = 0.05 of a normal distribution. */
const Z = 1.959964
/** A drift counts unless chance makes one as steep this often: strict enough to miss few, as a missed one is a false alarm. */
const DRIFT_ALPHA = 0.35
const RESAMPLES = 499

/** Values of one quantity, by capture, each in time order. Every capture that counts has at least one. */
export type Sample = readonly (readonly number[])[]

export interface Interval {
  /** Difference of the means, candidate − base. */
  difference: number
  low: number
  high: number
  /** Probability of a difference at least as large if there were none. */
  p: number
  /** Smallest difference that would be found 4 times in 5. */
  minimumDetectable: number
}

export const countOf = (sample: Sample): number => sample.reduce((sum, values) => sum + values.length, 0)

export const meanOf = (sample: Sample): number =>
  sample.reduce((sum, values) => sum + values.reduce((s, v) => s + v, 0), 0) / countOf(sample)

/** The 95 % interval of candidate − base; undefined where a side has too few values. */
export function intervalOf(
  base: Sample,
  candidate: Sample,
  draws: readonly [Resampler, Resampler],
): Interval | undefined {
  if (countOf(base) < FEWEST || countOf(candidate) < FEWEST) return undefined
  const b = spreadOf(base, draws[0])
  const c = spreadOf(candidate, draws[1])
  const difference = c.mean - b.mean
  const variance = b.variance + c.variance
  const drift = b.drift + c.drift
  if (variance === 0)
    return {
      difference,
      low: difference - drift,
      high: difference + drift,
      p: Math.abs(difference) > drift ? 0 : 1,
      minimumDetectable: drift,
    }
  // Welch and Satterthwaite: the side that varies more decides how far t may be trusted.
  const freedom = variance ** 2 / (b.variance ** 2 / b.freedom + c.variance ** 2 / c.freedom)
  const t = critical(ALPHA, freedom)
  // The percentiles' own skewness, on the scale of t and of the larger of the two variances.
  const means = Float64Array.from(b.means, (mean, k) => c.means[k]! - mean).sort()
  const cut = Math.floor((ALPHA / 2) * (means.length + 1))
  const stretch = (t / Z) * Math.sqrt(variance / (b.resampled + c.resampled || variance))
  const floor = 0.8 * t * Math.sqrt(variance)
  const below = Math.max(floor, stretch * (difference - means[cut]!)) + drift
  const above = Math.max(floor, stretch * (means[means.length - 1 - cut]! - difference)) + drift
  const toZero = difference > 0 ? below : above
  const error = (toZero - drift) / t
  return {
    difference,
    low: difference - below,
    high: difference + above,
    p: twoSided(Math.max(0, Math.abs(difference) - drift) / error, freedom),
    minimumDetectable: (t + critical(0.4, freedom)) * Math.sqrt(variance) + drift,
  }
}

interface Spread {
  mean: number
  /** Of the mean. */
  variance: number
  freedom: number
  /** What drift inside the captures could have moved the mean by. */
  drift: number
  means: Float64Array
  /** Variance of `means`, brought up to what few values hide. */
  resampled: number
}

function spreadOf(sample: Sample, resampler: Resampler): Spread {
  const n = countOf(sample)
  const mean = meanOf(sample)
  let squares = 0
  for (const values of sample) {
    const own = values.reduce((sum, v) => sum + v, 0) / values.length
    for (const v of values) squares += (v - own) ** 2
  }
  const degrees = n - sample.length
  const within = degrees > 0 ? squares / degrees : 0
  const rho = within === 0 ? 0 : autocorrelation(sample, squares)
  const inflation = (1 + rho) / (1 - rho)
  const means = resampler.means(sample, blockLength(rho, n))
  const resampled = (varianceAround(means, mean) * n) / Math.max(1, n - sample.length)
  let variance = Math.max(resampled, (within * inflation) / n)
  let freedom = Math.max(1, degrees / inflation)
  // Captures that differ by more than their iterations explain: then it is captures that are few, not iterations.
  const between = betweenCaptures(sample, mean)
  if (between !== undefined && between.variance > 2 * variance) ({ variance, freedom } = between)
  return { mean, variance, freedom, drift: driftOf(sample), means, resampled }
}

function varianceAround(values: Float64Array, mean: number): number {
  let sum = 0
  for (const v of values) sum += (v - mean) ** 2
  return sum / values.length
}

/**
 * Correlation of neighbours, 0 to 0.95, with the correction for few values of Marriott and Pope (1954):
 * E[r] ≈ ρ − (1 + 3ρ) / n. Negative ones would narrow the interval and are not believed.
 */
function autocorrelation(sample: Sample, squares: number): number {
  let products = 0
  let n = 0
  for (const values of sample) {
    const own = values.reduce((sum, v) => sum + v, 0) / values.length
    for (let i = 1; i < values.length; i++) products += (values[i]! - own) * (values[i - 1]! - own)
    n += values.length
  }
  const r = products / squares
  const usual = n / sample.length
  const corrected = r + (1 + 3 * Math.max(0, r)) / usual
  // On the safe side by half a standard error (1 / √n): few values hide a resemblance more often than they invent one.
  return Math.min(0.95, Math.max(0, corrected + 0.5 / Math.sqrt(n)))
}

/** Best block for the variance of a mean when neighbours correlate (Carlstein 1986, first-order autoregression). */
function blockLength(rho: number, n: number): number {
  const best = ((2 * rho) / (1 - rho ** 2)) ** (2 / 3) * n ** (1 / 3)
  return Math.max(1, Math.min(Math.round(best), Math.floor(n / 3)))
}

function betweenCaptures(sample: Sample, mean: number): { variance: number; freedom: number } | undefined {
  if (sample.length < 2) return undefined
  const sum = sample.reduce(
    (s, values) => s + (values.reduce((a, v) => a + v, 0) / values.length - mean) ** 2,
    0,
  )
  const freedom = sample.length - 1
  return { variance: sum / freedom / sample.length, freedom }
}

/** How far a straight line through a capture goes from end to end, where it is more than chance; the mean over captures. */
function driftOf(sample: Sample): number {
  let sum = 0
  for (const values of sample) sum += drift(values)
  return sum / sample.length
}

function drift(values: readonly number[]): number {
  const n = values.length
  if (n < 4) return 0
  const middle = (n - 1) / 2
  const own = values.reduce((s, v) => s + v, 0) / n
  let xy = 0
  let yy = 0
  for (let i = 0; i < n; i++) {
    xy += (i - middle) * (values[i]! - own)
    yy += (values[i]! - own) ** 2
  }
  const xx = (n * (n * n - 1)) / 12
  const slope = xy / xx
  const rest = Math.max(0, yy - slope * xy)
  if (yy === 0) return 0
  const t = rest === 0 ? Infinity : Math.abs(slope) / Math.sqrt(rest / (n - 2) / xx)
  return twoSided(t, n - 2) < DRIFT_ALPHA ? Math.abs(slope) * n : 0
}

/** Draws the same resamples for every quantity of a side, so that what belongs together stays together. */
export class Resampler {
  readonly #seed: string
  readonly #draws = new Map<string, Uint32Array>()

  /** A side's seed is made of its own values: swapping the sides swaps the resamples, and a side against itself is 0. */
  constructor(sample: Sample) {
    this.#seed = JSON.stringify(sample)
  }

  /** Means of resampled values, in blocks of `length` that stay inside their capture (and wrap around its end). */
  means(sample: Sample, length: number): Float64Array {
    const flat = sample.flat()
    const draws = this.#drawn(sample, flat.length, length)
    const means = new Float64Array(RESAMPLES)
    for (let k = 0, at = 0; k < RESAMPLES; k++) {
      let sum = 0
      for (let i = 0; i < flat.length; i++) sum += flat[draws[at++]!]!
      means[k] = sum / flat.length
    }
    return means
  }

  #drawn(sample: Sample, n: number, length: number): Uint32Array {
    const shape = `${length} ${sample.map((values) => values.length).join(' ')}`
    const before = this.#draws.get(shape)
    if (before !== undefined) return before
    const draw = drawer(`${shape} ${this.#seed}`)
    const indices = new Uint32Array(RESAMPLES * n)
    for (let k = 0, at = 0; k < RESAMPLES; k++) {
      let from = 0
      let start = 0
      for (const values of sample) {
        for (let i = 0; i < values.length; i++) {
          if (i % length === 0) start = draw(values.length)
          indices[at++] = from + ((start + (i % length)) % values.length)
        }
        from += values.length
      }
    }
    this.#draws.set(shape, indices)
    return indices
  }
}

/** The verdict of an interval whose p was corrected for the number of tests. Positive is slower. */
export function verdictOf(interval: Interval | undefined, correctedP: number): Verdict {
  if (interval === undefined) return 'too-few-iterations'
  if (correctedP >= ALPHA || (interval.low <= 0 && interval.high >= 0)) return 'not-detectable'
  return interval.difference > 0 ? 'regressed' : 'improved'
}
