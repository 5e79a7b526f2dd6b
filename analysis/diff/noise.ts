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
import { countOf } from './resampler.ts'
import type { Resampler, Sample } from './resampler.ts'
import { spreadOf } from './spread.ts'
import type { Spread } from './spread.ts'
import { critical, twoSided } from './student-t.ts'

export { Resampler } from './resampler.ts'
export type { Sample } from './resampler.ts'

export type Verdict = 'regressed' | 'improved' | 'not-detectable' | 'too-few-iterations'

/** Fewer warm iterations than this on a side: the spread is shown, no significance is claimed. */
export const FEWEST = 5
/** Share of false alarms that is put up with. */
export const ALPHA = 0.05
/** P(|Z| ≥ z) = 0.05 of a normal distribution. */
const Z = 1.959964

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

/** How much captures of one program differ on a device, beyond their iterations: measured by A/A, kept (noise-floor.ts). */
export interface Floor {
  /** Standard deviation of a capture's mean, as a share of it: 0.004 is 0.4 %. */
  share: number
  /** Captures it was measured with. */
  captures: number
}

/** The 95 % interval of candidate − base; undefined where a side has too few values. */
export function intervalOf(
  base: Sample,
  candidate: Sample,
  draws: readonly [Resampler, Resampler],
  floors: readonly [Floor | undefined, Floor | undefined] = [undefined, undefined],
): Interval | undefined {
  if (countOf(base) < FEWEST || countOf(candidate) < FEWEST) return undefined
  const b = spreadOf(base, draws[0])
  const c = spreadOf(candidate, draws[1])
  const difference = c.mean - b.mean
  // Both floors are one measurement where the device is one: its few captures count once.
  const luck = floorVariance(b, base.length, floors[0]) + floorVariance(c, candidate.length, floors[1])
  const luckFreedom = Math.min(
    ...floors.map((floor) => (floor === undefined ? Infinity : floor.captures - 1)),
  )
  const variance = b.variance + c.variance + luck
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
  const welch =
    variance ** 2 / (b.variance ** 2 / b.freedom + c.variance ** 2 / c.freedom + luck ** 2 / luckFreedom)
  // A floor that is most of the variance is trusted no further than the captures it was measured with.
  const freedom = luck > variance / 2 ? Math.min(welch, luckFreedom) : welch
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

/** Variance of a side's mean by luck between captures, unless its own captures show that already. */
function floorVariance({ isBetween, mean }: Spread, captures: number, floor: Floor | undefined): number {
  return floor === undefined || isBetween ? 0 : (floor.share * mean) ** 2 / captures
}

/** The verdict of an interval whose p was corrected for the number of tests. Positive is slower. */
export function verdictOf(interval: Interval | undefined, correctedP: number): Verdict {
  if (interval === undefined) return 'too-few-iterations'
  if (correctedP >= ALPHA || (interval.low <= 0 && interval.high >= 0)) return 'not-detectable'
  return interval.difference > 0 ? 'regressed' : 'improved'
}
