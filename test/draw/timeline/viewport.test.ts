import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shiftedAxis, warpedAxis } from '../../../draw/timeline/axis.ts'
import { roundStep, seconds, ticksOf } from '../../../draw/timeline/ruler.ts'
import { between, fit, nsAt, panBy, xOf, zoomAt } from '../../../draw/timeline/viewport.ts'

const limits = { from: 0, to: 1e9, closest: 20 }
const view = { from: 1_000, to: 101_000, width: 1_000 }

test('zooming keeps what is under the pointer where it is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000 }),
      fc.double({ min: 0.5, max: 4, noNaN: true }),
      (x, factor) => {
        const inner = { ...view, from: 4e8, to: 5e8 }
        expect(nsAt(zoomAt(inner, x, factor, limits), x)).toBeCloseTo(nsAt(inner, x), 3)
      },
    ),
  )
})

test('a view never comes closer than the closest, nor leaves what there is', () => {
  let near = view
  for (let i = 0; i < 100; i++) near = zoomAt(near, 500, 3, limits)
  expect(near.to - near.from).toBeCloseTo(20, 6)
  let far = view
  for (let i = 0; i < 100; i++) far = panBy(zoomAt(far, 0, 0.5, limits), 900, limits)
  expect(far.from).toBeLessThan(limits.to)
  expect(far.to - far.from).toBeLessThanOrEqual(1.5e9)
})

test('panning by pixels moves by their time', () => {
  const moved = panBy({ ...view, from: 4e8, to: 5e8 }, 10, limits)
  expect(moved.from - 4e8).toBeCloseTo(1e6, 3)
  expect(moved.to - moved.from).toBeCloseTo(1e8, 3)
})

test('a fitted span stands in the middle with its margin', () => {
  const fitted = fit(view, 500_000, 600_000, limits, 0.1)
  expect(xOf(fitted, 500_000)).toBeCloseTo(1000 / 12, 3)
  expect(xOf(fitted, 600_000)).toBeCloseTo(1000 - 1000 / 12, 3)
})

test('a jump begins at the one view and ends at the other', () => {
  const to = { from: 5e8, to: 5.00001e8, width: 1_000 }
  expect(between(view, to, 0).from).toBeCloseTo(view.from, 6)
  expect(between(view, to, 1).from).toBeCloseTo(to.from, 6)
  expect(between(view, to, 1).to).toBeCloseTo(to.to, 6)
  const pan = between(view, { ...view, from: 2_000, to: 102_000 }, 0.5)
  expect(pan.from).toBeCloseTo(1_500, 6)
})

test('there and back on any axis is where one began', () => {
  const warp = warpedAxis([
    [0, 5],
    [10, 15],
    [20, 18],
    [30, 28],
  ])
  for (const axis of [shiftedAxis(123), warp])
    for (const ns of [-40, 0, 3, 10, 17.5, 29, 30, 99]) expect(axis.toView(axis.toRun(ns))).toBeCloseTo(ns, 9)
  expect(warp.toRun(15)).toBe(16.5)
  expect(warp.toRun(40)).toBe(38)
})

test('an axis with a stretch that one side lacks is still defined there', () => {
  const axis = warpedAxis([
    [0, 0],
    [10, 10],
    [10, 20],
    [20, 30],
  ])
  expect(axis.toRun(15)).toBe(25)
  expect(axis.toView(15)).toBe(10)
})

test('steps are 1, 2 or 5 times a power of ten, never under a nanosecond', () => {
  expect([0.2, 1, 1.5, 3, 7, 12, 99, 1e6, 1.2e9].map(roundStep)).toEqual([1, 1, 2, 5, 10, 20, 100, 1e6, 2e9])
})

test('ticks are absolute while that is short, and count from a base where it is not', () => {
  expect(ticksOf({ from: 0, to: 1e9, width: 500 }).ticks.map((tick) => tick.label)).toEqual([
    '0 ms',
    '200 ms',
    '400 ms',
    '600 ms',
    '800 ms',
    '1,000 ms',
  ])
  const deep = ticksOf({ from: 12_345_678_900, to: 12_345_679_000, width: 500 })
  expect(deep.base).toBe('12.345 678 000 s')
  expect(deep.ticks[0]).toMatchObject({ ns: 12_345_678_900, label: '+900 ns', x: 0 })
})

test('seconds are written with all their digits', () => {
  expect(seconds(12_345_678_901)).toBe('12.345 678 901 s')
  expect(seconds(-1)).toBe('−0.000 000 001 s')
})
