import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels } from '../../draw/point-labels.ts'
import type { LabelledPoint, Place } from '../../draw/point-labels.ts'

const room = { left: 0, right: 1000, top: 0, bottom: 300 }
const at = (x: number, y: number, width = 100): LabelledPoint => ({ x, y, width })
const box = ({ x, y, anchor }: Place, width: number) => {
  const x0 = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { x0, x1: x0 + width, y0: y - 7.5, y1: y + 7.5 }
}

test('a name stands right of its point, left of one at the right edge', () => {
  expect(placeLabels([at(100, 150)], room)).toEqual([{ x: 110, y: 150, anchor: 'start', apart: false }])
  expect(placeLabels([at(950, 150)], room)).toEqual([{ x: 940, y: 150, anchor: 'end', apart: false }])
})

test('names of points beside each other stand apart, as do names and other texts', () => {
  const [a, b] = placeLabels([at(300, 150), at(330, 152)], room)
  expect([a!.anchor, b!.anchor]).toEqual(['end', 'start'])
  const taken = [{ x0: 105, x1: 300, y0: 145, y1: 155 }]
  expect(placeLabels([at(100, 150)], { ...room, taken })[0]!.anchor).not.toBe('start')
})

test('as long as there is room no name covers another, a point, or leaves the drawing', () => {
  const point = fc.record({
    x: fc.integer({ min: 0, max: 1000 }),
    y: fc.integer({ min: 20, max: 280 }),
    width: fc.integer({ min: 20, max: 120 }),
  })
  fc.assert(
    fc.property(fc.array(point, { maxLength: 6 }), (points) => {
      const boxes = placeLabels(points, room).map((place, i) => box(place, points[i]!.width))
      for (const [i, one] of boxes.entries()) {
        expect(one.x0 >= 0 && one.x1 <= 1000 && one.y0 >= 0 && one.y1 <= 300).toBe(true)
        for (const other of boxes.slice(i + 1))
          expect(one.x0 < other.x1 && other.x0 < one.x1 && one.y0 < other.y1 && other.y0 < one.y1).toBe(false)
        for (const { x, y } of points)
          expect(x + 6 > one.x0 && x - 6 < one.x1 && y + 6 > one.y0 && y - 6 < one.y1).toBe(false)
      }
    }),
    { numRuns: 500 },
  )
})
