import { describe, expect, test } from 'vitest'
import { adjusted } from '../../../analysis/diff/false-discovery.ts'
import { floorOf } from '../../../analysis/diff/noise-floor.ts'
import { intervalOf, Resampler, verdictOf } from '../../../analysis/diff/noise.ts'
import { critical, twoSided } from '../../../analysis/diff/student-t.ts'
import { alarms } from '../../../bench/noise.ts'
import { NOISES, noisyPair } from '../../../fixtures/noise.ts'
import type { Noise } from '../../../fixtures/noise.ts'

describe('Student’s t', () => {
  test('agrees with printed tables', () => {
    for (const [freedom, t] of [
      [1, 12.706],
      [2, 4.303],
      [5, 2.571],
      [10, 2.228],
      [30, 2.042],
      [1000, 1.962],
    ] as const)
      expect(critical(0.05, freedom)).toBeCloseTo(t, 3)
    expect(twoSided(2.228, 10)).toBeCloseTo(0.05, 4)
  })
})

describe('many tests at once', () => {
  test('p is corrected as Benjamini and Hochberg do', () => {
    // Their example of 15 tests: at 5 % the four smallest are taken for real.
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ]
    expect(adjusted(p).filter((one) => one <= 0.05)).toHaveLength(4)
    expect(adjusted([0.04, 0.01])).toEqual([0.04, 0.02])
  })
})

describe('verdicts on noise', () => {
  const PAIRS = 1000
  const rates = new Map<string, number>()
  const noises = Object.keys(NOISES) as Noise[]

  test(`false alarms are at most 5 % of ${PAIRS} pairs of 5, 7, 10 and 20 iterations, whatever the noise`, () => {
    for (const noise of noises)
      for (const n of [5, 7, 10, 20]) rates.set(`${noise}, ${n}`, alarms(noise, n, PAIRS))
    const tooMany = [...rates].filter(([, rate]) => rate > 0.05)
    expect(tooMany).toEqual([])
    const all = [...rates.values()]
    expect(all.reduce((sum, rate) => sum + rate, 0) / all.length).toBeLessThan(0.03)
  }, 60_000)

  test('a real difference is found: 2 standard deviations in most pairs of 20, 4 in nearly all', () => {
    expect(alarms('independent', 20, 300, 2)).toBeGreaterThan(0.6)
    expect(alarms('independent', 20, 300, 4)).toBeGreaterThan(0.95)
  })

  test('the interval turns round when the sides swap', () => {
    const [a, b] = noisyPair('correlated 0.6', 12, 5, 3)
    const [x, y] = [new Resampler([a]), new Resampler([b])]
    const forth = intervalOf([a], [b], [x, y])!
    const back = intervalOf([b], [a], [y, x])!
    expect([back.low, back.high, back.p]).toEqual([-forth.high, -forth.low, forth.p])
  })

  test('captures that differ more than their iterations explain widen the interval', () => {
    const flat = (mean: number, seed: number): number[] =>
      noisyPair('independent', 10, seed)[0].map((v) => v + mean)
    const one = [[...flat(0, 1), ...flat(0, 2)]]
    const base = [flat(0, 1), flat(0, 2)]
    const jumping = [flat(0, 3), flat(8, 4)]
    const width = (a: number[][], b: number[][]): number => {
      const interval = intervalOf(a, b, [new Resampler(a), new Resampler(b)])!
      return interval.high - interval.low
    }
    expect(width(base, jumping)).toBeGreaterThan(5 * width(one, base))
    const interval = intervalOf(base, jumping, [new Resampler(base), new Resampler(jumping)])
    expect(verdictOf(interval, interval!.p)).toBe('not-detectable')
  })

  test('four iterations are too few to say anything', () => {
    const [a, b] = noisyPair('independent', 4, 1, 100)
    const interval = intervalOf([a], [b], [new Resampler([a]), new Resampler([b])])
    expect(verdictOf(interval, 0)).toBe('too-few-iterations')
  })

  test('captures that differ by luck are false alarms until an A/A measurement knows how much', () => {
    const captures = (seed: number, n: number): number[][] =>
      Array.from({ length: n }, (_, i) => {
        const [values, luck] = noisyPair('independent', 10, seed * 1009 + i * 31)
        return values.map((value) => value + 2 * (luck[0]! - 1000))
      })
    let without = 0
    let with_ = 0
    for (let seed = 1; seed <= 400; seed++) {
      const [a, b] = captures(seed, 2)
      const floor = floorOf(captures(seed + 5000, 5))
      const draws = [new Resampler([a!]), new Resampler([b!])] as const
      const alone = intervalOf([a!], [b!], draws)
      const known = intervalOf([a!], [b!], draws, [floor, floor])
      if (verdictOf(alone, alone!.p) !== 'not-detectable') without++
      if (verdictOf(known, known!.p) !== 'not-detectable') with_++
    }
    expect(without / 400).toBeGreaterThan(0.2)
    expect(with_ / 400).toBeLessThanOrEqual(0.05)
  })
})
