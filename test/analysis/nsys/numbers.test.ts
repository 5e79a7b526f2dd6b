/**
 * The pieces the reports are made of: nsys' rounding, grouping, statistics, nesting.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvBytes, quoted } from '../../../analysis/nsys/csv-bytes.ts'
import { writeCell } from '../../../analysis/nsys/csv.ts'
import { groupRows } from '../../../analysis/groups.ts'
import { withoutVersion } from '../../../analysis/nsys/names.ts'
import { rangeTree } from '../../../analysis/nsys/range-tree.ts'
import { roundToTenths, writeThousandths } from '../../../analysis/nsys/rounding.ts'
import { statisticsOf } from '../../../analysis/statistics.ts'
import { NONE } from '../../../trace/column.ts'

describe('rounding to one decimal as SQLite 3.42 does', () => {
  test.each([
    [72.35, 72.4],
    [72.25, 72.3],
    [0.05, 0.1],
    [0.04999, 0],
    [2 / 3, 0.7],
    [123_456_789.05, 123_456_789.1],
    [-72.35, -72.4],
    // Beyond 2^42 nothing is added on top of the half digit, and 80-bit digits fall just short: printed by nsys itself.
    [4_537_231_645_085.25, 4_537_231_645_085.2],
    [9_721_003_833_694.75, 9_721_003_833_694.7],
    [2 ** 52 + 1, 2 ** 52 + 1],
  ])('%f → %f', (x, rounded) => {
    expect(roundToTenths(x)).toBe(rounded)
  })

  test('what has one decimal stays as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (tenths) => {
        expect(roundToTenths(tenths / 10)).toBe(tenths / 10)
      }),
      { numRuns: 1000 },
    )
  })

  test('a tie goes up, whatever its binary form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (tenths) => {
        expect(roundToTenths((2 * tenths + 1) / 20)).toBe((tenths + 1) / 10)
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  [0.0625, '0.062'],
  [0.1875, '0.188'],
  [0.3125, '0.312'],
  [1.2345, '1.234'],
  [0.0005, '0.001'],
  [26_041_666.5625, '26041666.562'],
])('%f is written with three decimals as %s', (x, text) => {
  expect(writeThousandths(x)).toBe(text)
})

test.each([
  ['cudaLaunchKernel_v7000', 'cudaLaunchKernel'],
  ['cudaGraphLaunch_v10000', 'cudaGraphLaunch_v10000'],
  ['cudaMemcpyAsync_ptsz_v7000', 'cudaMemcpyAsync_ptsz'],
  ['cuMemAlloc_v2', 'cuMemAlloc_v2'],
  ['_v7000', ''],
  ['x', 'x'],
])('the API name %s is printed as "%s"', (name, printed) => {
  expect(withoutVersion(name)).toBe(printed)
})

const smallColumn = fc.array(fc.nat({ max: 3 }), { minLength: 300, maxLength: 300 })

test('rows are in one group exactly if all their keys agree', () => {
  fc.assert(
    fc.property(smallColumn, smallColumn, smallColumn, (a, b, c) => {
      const groups = groupRows(
        300,
        [a, b, c].map((column) => Uint32Array.from(column)),
      )
      const numbers = new Map<string, number>()
      const expected = a.map((_, i) => {
        const key = `${a[i]}/${b[i]}/${c[i]}`
        if (!numbers.has(key)) numbers.set(key, numbers.size)
        return numbers.get(key)!
      })
      expect([...groups.of]).toEqual(expected)
      expect(groups.count).toBe(numbers.size)
      expect([...groups.first]).toEqual([...numbers.values()].map((group) => expected.indexOf(group)))
    }),
    { numRuns: 100 },
  )
})

test('more groups than the table starts with are found too', () => {
  const keys = Uint32Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 5000)
  const groups = groupRows(keys.length, [keys])
  expect(groups.count).toBe(5000)
  expect(keys.every((key, i) => keys[groups.first[groups.of[i]!]!] === key)).toBe(true)
})

test('sum, mean, median, extremes and sample deviation are those of sorting and adding by hand', () => {
  const value = fc.oneof(fc.nat({ max: 1000 }), fc.constant(NaN))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
      const groups = { count: 1, of: new Uint32Array(values.length), first: Uint32Array.of(0) }
      const s = statisticsOf(Float64Array.from(values), groups)
      const told = values.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b)
      const n = told.length
      expect(s.count[0]).toBe(n)
      expect(s.total[0]).toBe(told.reduce((a, b) => a + b, 0))
      if (n === 0) {
        expect([s.average[0], s.median[0], s.minimum[0], s.maximum[0], s.deviation[0]]).toEqual([
          NaN,
          NaN,
          NaN,
          NaN,
          0,
        ])
        return
      }
      const mean = s.total[0]! / n
      expect(s.average[0]).toBe(mean)
      expect(s.median[0]).toBe((told[(n - 1) >> 1]! + told[n >> 1]!) / 2)
      expect([s.minimum[0], s.maximum[0]]).toEqual([told[0], told[n - 1]])
      const squares = told.reduce((sum, v) => sum + (v - mean) ** 2, 0)
      expect(s.deviation[0]).toBeCloseTo(n === 1 ? 0 : Math.sqrt(squares / (n - 1)), 6)
    }),
    { numRuns: 500 },
  )
})

test('the parent is the tightest other range around, as asking every range for every other says', () => {
  const range = fc.record({
    start: fc.nat({ max: 20 }),
    length: fc.nat({ max: 20 }),
    thread: fc.nat({ max: 1 }),
  })
  fc.assert(
    fc.property(fc.array(range, { maxLength: 25 }), (ranges) => {
      const spans = {
        length: ranges.length,
        start: Float64Array.from(ranges, (r) => r.start),
        end: Float64Array.from(ranges, (r) => r.start + r.length),
        thread: Uint32Array.from(ranges, (r) => r.thread),
        id: Uint32Array.from(ranges, (_, i) => ranges.length - i),
      }
      const { parent, level } = rangeTree(spans)
      const around = (i: number): number[] =>
        ranges
          .map((_, j) => j)
          .filter(
            (j) =>
              j !== i &&
              spans.thread[j] === spans.thread[i] &&
              spans.start[j]! <= spans.start[i]! &&
              spans.end[j]! >= spans.end[i]!,
          )
          .sort((a, b) => ranges[a]!.length - ranges[b]!.length || spans.id[a]! - spans.id[b]!)
      for (let i = 0; i < ranges.length; i++) {
        expect(parent[i]).toBe(around(i)[0] ?? NONE)
        let steps = 0
        let at = i
        while (parent[at] !== NONE && steps <= ranges.length) {
          at = parent[at]!
          steps++
        }
        expect(level[i]).toBe(steps > ranges.length ? -1 : steps)
      }
    }),
    { numRuns: 300 },
  )
})

test('numbers and texts written as bytes read as they should', () => {
  const cell = fc.oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(0, -1, 2 ** 31 - 1, 2 ** 31, 1e15, 2 ** 53 - 1),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a,b', 'say "x"', 'two\nlines', '🔥 中文', '\ud800'),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constant(null),
  )
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), fc.nat({ max: 2 ** 50 }), (cells, tenths) => {
      const bytes = new CsvBytes()
      bytes.line([...cells, tenths / 10], [...cells.map(() => 'integer' as const), 'tenths'])
      const expected = [...cells.map((one) => quoted(writeCell(one, 'integer'))), (tenths / 10).toFixed(1)]
      expect(Buffer.from(bytes.take()).toString('utf8')).toBe(
        Buffer.from(`${expected.join(',')}\n`).toString('utf8'),
      )
    }),
    { numRuns: 2000 },
  )
})
