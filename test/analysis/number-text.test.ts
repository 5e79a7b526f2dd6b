import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesText, instantText, percentText, rateText, several } from '../../analysis/number-text.ts'
import { formatBytes, formatInstant, formatShare, formatValue } from '../../draw/format.ts'

test('shares, sizes and rates in a sentence are written as in a table', () => {
  const size = fc
    .tuple(fc.integer({ min: 0, max: 14 }), fc.double({ min: 1, max: 10, noNaN: true }))
    .map(([power, by]) => Math.round(by * 10 ** power))
  fc.assert(
    fc.property(size, size, (a, b) => {
      expect(bytesText(a)).toBe(formatBytes(a))
      expect(instantText(a).replaceAll(',', '')).toBe(formatInstant(a).replaceAll(',', ''))
      expect(rateText(a)).toBe(formatValue(a, 'bytes/s'))
      expect(percentText(Math.min(a, b), b)).toBe(formatShare(Math.min(a, b), b))
    }),
    { numRuns: 2000 },
  )
  expect([percentText(0, 5), percentText(1, 1e9), percentText(9999, 10_000)]).toEqual([
    '0 %',
    '< 0.01 %',
    '> 99.9 %',
  ])
})

test('a point of time tells two ops apart that are a microsecond apart', () => {
  expect([72_612_345_678, 612_345_678, 12_345, 999].map(instantText)).toEqual([
    '72.612346 s',
    '612.346 ms',
    '12.345 µs',
    '999 ns',
  ])
  expect(formatInstant(-72_612_345_678)).toBe('\u221272.612346 s')
})

test('one is one', () => {
  expect([several(1, 'copy', 'copies'), several(1799, 'copy', 'copies'), several(2, 'sync')]).toEqual([
    '1 copy',
    '1,799 copies',
    '2 syncs',
  ])
})
