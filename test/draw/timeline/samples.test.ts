import { expect, test } from 'vitest'
import { sampleAt } from '../../../draw/timeline/hit.ts'
import { rowsOf } from '../../../draw/timeline/rows.ts'
import type { TrackRow } from '../../../draw/timeline/rows.ts'
import { sampleValue, scaleOf } from '../../../draw/timeline/sample-value.ts'
import { trackTitle } from '../../../draw/timeline/track-title.ts'
import type { Track } from '../../../trace/timeline.ts'

test('a value says its unit, with a prefix where the unit takes one', () => {
  expect(sampleValue(61.23, '%')).toBe('61.2 %')
  expect(sampleValue(1_410e6, 'Hz')).toBe('1.41 GHz')
  expect(sampleValue(5.7 * 2 ** 30, 'B')).toBe('5.70 GiB')
  expect(sampleValue(281.7, 'W')).toBe('282 W')
  expect(sampleValue(12)).toBe('12')
})

test('a lane starts at 0 and a share ends at 100 %, so that half looks like half; values below 0 lower its foot', () => {
  expect(scaleOf({ low: 12, high: 44, unit: '%' })).toEqual({ low: 0, high: 100 })
  expect(scaleOf({ low: 200, high: 290, unit: 'W' })).toEqual({ low: 0, high: 290 })
  expect(scaleOf({ low: -5, high: -2 })).toEqual({ low: -5, high: 0 })
  expect(scaleOf({ low: 0, high: 0 })).toEqual({ low: 0, high: 1 })
})

test('a name leaves out the unit in brackets only where the values say one', () => {
  expect(trackTitle({ title: 'SMs Active [Throughput %]', unit: '%' })).toBe('SMs Active')
  expect(trackTitle({ title: 'queue [deep]' })).toBe('queue [deep]')
  expect(trackTitle({ title: '[W]', unit: 'W' })).toBe('[W]')
})

test('the pointer finds a counter’s values in its pixel, and none before the first sample', () => {
  const track = { id: 'counter-0', kind: 'counter', lanes: 1 } as Track
  const { rows } = rowsOf([{ group: 'gpu', folded: false, tracks: [{ track, collapsed: false }] }])
  const row = rows[1] as TrackRow
  const samples = {
    low: Float64Array.of(NaN, 3, 5),
    high: Float64Array.of(NaN, 9, 5),
    last: Float64Array.of(NaN, 4, 5),
  }
  const laid = [{ row, lanes: [], samples, classes: [] }]
  expect(sampleAt(laid, 1.5, row.y + 8, 1)).toMatchObject({ low: 3, high: 9, last: 4 })
  expect(sampleAt(laid, 0.5, row.y + 8, 1)).toBeUndefined()
  expect(sampleAt(laid, 1.5, row.y - 8, 1)).toBeUndefined()
})
