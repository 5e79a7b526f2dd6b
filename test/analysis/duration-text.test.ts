import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationText } from '../../analysis/duration-text.ts'
import { formatNs } from '../../draw/format.ts'

test('a duration in a sentence is written as in a table', () => {
  for (const ns of [
    0, 1, 999, 1000, 999_499, 999_500, 999_999, 2_335_000_000, 59_999e6, 999.4e9, 999.6e9, 3599e9,
  ])
    expect(durationText(ns)).toBe(formatNs(ns))
  const anyTime = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.double({ min: 1, max: 10, noNaN: true }))
  fc.assert(
    fc.property(anyTime, ([power, by]) => {
      const ns = Math.round(by * 10 ** power)
      expect(durationText(ns)).toBe(formatNs(ns))
    }),
    { numRuns: 2000 },
  )
})
