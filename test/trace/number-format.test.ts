import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  exactValue,
  formatBytes,
  formatCount,
  formatInstant,
  formatNs,
  formatPercent,
  formatRatio,
  formatShare,
  formatSigned,
  formatValue,
} from '../../trace/number-format.ts'

describe('durations', () => {
  it.each([
    [0, '0 ns'],
    [7, '7 ns'],
    [999, '999 ns'],
    [1000, '1.00 µs'],
    [999_499, '999 µs'],
    [999_500, '1.00 ms'],
    [12_345_678, '12.3 ms'],
    [17_338_123_456, '17.3 s'],
    [59_990_000_000, '60.0 s'],
    [62_449_000_000, '62.4 s'],
    [999_400_000_000, '999 s'],
    [1_000_000_000_000, '16.7 min'],
    [7_200_000_000_000, '2.00 h'],
    [-1_702_000_000, '−1.70 s'],
    [NaN, '—'],
  ])('%d ns reads %s', (ns, text) => expect(formatNs(ns)).toBe(text))

  it('keeps three significant digits within half a unit of the last one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 59_000_000_000 }), (ns) => {
        const [number, unit] = formatNs(ns).split(' ')
        const size = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 }[unit] as number
        expect(Math.abs(Number(number) * size - ns)).toBeLessThanOrEqual(ns * 0.0051)
      }),
    )
  })
})

describe('other units', () => {
  it.each([
    [formatBytes(14_680_064), '14.0 MiB'],
    [formatBytes(1023), '1,023 B'],
    [formatCount(47_960), '47,960'],
    [formatPercent(99.84), '99.8 %'],
    [formatPercent(99.97), '> 99.9 %'],
    [formatPercent(100), '100 %'],
    [formatPercent(0.0001), '< 0.01 %'],
    [formatPercent(0.098), '0.10 %'],
    [formatPercent(0), '0 %'],
    [formatPercent(-3.456), '−3.46 %'],
    [formatRatio(1.1095), '1.11×'],
    [formatValue(696_000_000_000, 'bytes/s'), '696 GB/s'],
    [formatValue(149.7e12, 'flop/s'), '150 TFLOP/s'],
    [formatSigned(1_230_000, 'ns'), '+1.23 ms'],
    [formatSigned(0, 'ns'), '0 ns'],
    [exactValue(17_338_123_456, 'ns'), '17,338,123,456 ns'],
    [exactValue(0.1 + 0.2), '0.30000000000000004'],
  ])('%s is written %s', (text, expected) => expect(text).toBe(expected))
})

test('a point of time tells two ops apart that are a microsecond apart', () => {
  expect([72_612_345_678, 612_345_678, 12_345, 999, -72_612_345_678].map(formatInstant)).toEqual([
    '72.612346 s',
    '612.346 ms',
    '12.345 µs',
    '999 ns',
    '\u221272.612346 s',
  ])
})

test('a share that is not all, and one that is not nothing, read as what they are', () => {
  expect([formatShare(0, 5), formatShare(1, 1e9), formatShare(9999, 10_000)]).toEqual([
    '0 %',
    '< 0.01 %',
    '> 99.9 %',
  ])
})
