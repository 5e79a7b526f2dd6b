import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ascendingOrder, inverseOrder, isAscending } from '../../parsers/order.ts'
import { orderOfRuns } from '../../parsers/nearly-sorted.ts'

/** What a stable comparison sort makes of it. */
const byComparison = (keys: Float64Array, order = keys.map((_, i) => i)): number[] =>
  [...order].sort((a, b) => keys[a]! - keys[b]!)

const anyKeys = fc.array(fc.integer({ min: -50, max: 2 ** 40 }), { maxLength: 400 })
/** Few values, so that many are equal. */
const equalKeys = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 400 })
/** Ascending runs one after another, some neighbours swapped: what exporters write. */
const runs = fc
  .array(
    fc.tuple(
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 120 }),
      fc.array(fc.nat(200), { maxLength: 20 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) =>
    parts.flatMap(([values, swaps]) => {
      const run = values.toSorted((a, b) => a - b)
      for (const at of swaps) if (at + 1 < run.length) [run[at], run[at + 1]] = [run[at + 1]!, run[at]!]
      return run
    }),
  )

test('the order sorts stably: rows of any kind, nearly sorted ones, and runs', () => {
  fc.assert(
    fc.property(fc.oneof(anyKeys, equalKeys, runs), (numbers) => {
      const keys = Float64Array.from(numbers)
      expect([...ascendingOrder(keys)]).toEqual(byComparison(keys))
    }),
    { numRuns: 500 },
  )
})

test('two sorts sort by two keys', () => {
  fc.assert(
    fc.property(fc.oneof(equalKeys, runs), fc.infiniteStream(fc.nat(5)), (numbers, more) => {
      const first = Float64Array.from(numbers)
      const second = first.map(() => more.next().value)
      const both = byComparison(first, Float64Array.from(byComparison(second)))
      expect([...ascendingOrder(first, ascendingOrder(second))]).toEqual(both)
    }),
  )
})

test('rows that are nearly sorted take the short way, scattered ones do not', () => {
  const n = 2000
  const order = (): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i)
  const swapped = Float64Array.from({ length: n }, (_, i) => i ^ 1)
  const twoRuns = Float64Array.from({ length: n }, (_, i) => (i < n / 2 ? 2 * i : 2 * (i - n / 2) + 1))
  const scattered = Float64Array.from({ length: n }, (_, i) => (i * 7919) % n)
  expect(orderOfRuns(swapped, order())?.slice(0, 4)).toEqual(Uint32Array.of(1, 0, 3, 2))
  expect(orderOfRuns(twoRuns, order())?.slice(0, 4)).toEqual(Uint32Array.of(0, n / 2, 1, n / 2 + 1))
  expect(orderOfRuns(scattered, order())).toBeUndefined()
  expect(isAscending(scattered)).toBe(false)
})

test('an inverse order gives the place of each row', () => {
  expect([...inverseOrder(Uint32Array.of(2, 0, 1))]).toEqual([1, 2, 0])
})
