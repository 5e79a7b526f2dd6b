import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LengthCounts } from '../../analysis/length-counts.ts'

test('the longest so many reach the length that is told, and what does not is shorter than all of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(40), fc.maxSafeNat()), { minLength: 1, maxLength: 300 }),
      fc.nat(320),
      (lengths, rank) => {
        const counts = new LengthCounts()
        for (const length of lengths) counts.add(length)
        const least = counts.reachedBy(rank)
        const wanted = lengths.toSorted((a, b) => b - a).slice(0, rank)
        expect(wanted.every((length) => length >= least)).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
})

test('few more than asked for reach it', () => {
  const counts = new LengthCounts()
  for (let length = 1; length <= 100_000; length++) counts.add(length)
  const least = counts.reachedBy(100)
  expect(least).toBeLessThanOrEqual(99_901)
  expect(least).toBeGreaterThan(99_700)
})
