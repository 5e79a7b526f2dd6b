import { expect, test } from 'vitest'
import { markAt, markBoxes } from '../../../draw/timeline/marks.ts'
import { marksOf } from '../../../web/lib/sql-marks.ts'

const same = (ns: number): number => ns
const view = { from: 0, to: 1000, width: 100 }

test('a mark off the screen has no box, and a moment has one of two pixels', () => {
  const marks = [
    { startNs: -50, endNs: -40 },
    { startNs: 100, endNs: 100 },
    { startNs: 900, endNs: 3000 },
  ]
  expect(markBoxes(view, marks, same)).toEqual([
    { x0: 10, x1: 12, mark: 1 },
    { x0: 90, x1: 300, mark: 2 },
  ])
})

test('of marks over each other the shortest is pointed at', () => {
  const boxes = markBoxes(
    view,
    [
      { startNs: 0, endNs: 900 },
      { startNs: 400, endNs: 450 },
    ],
    same,
  )
  expect([markAt(boxes, 42), markAt(boxes, 20), markAt(boxes, 97)]).toEqual([1, 0, undefined])
})

test('rows become marks in order of time; those without a start are counted', () => {
  const answer = {
    columns: [{ name: 'name' }, { name: 'start_ns' }, { name: 'duration_ns' }],
    rows: [
      ['late', 70, 5],
      ['nowhere', null, 5],
      [null, 20, null],
    ],
    truncated: 'rows' as const,
    elapsedMs: 1,
  }
  expect(marksOf(answer, 10)).toEqual({
    marks: [
      { startNs: 10, endNs: 10, label: '' },
      { startNs: 60, endNs: 65, label: 'late' },
    ],
    left: 1,
    cut: true,
  })
  expect(marksOf({ ...answer, columns: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }, 0)).toBeUndefined()
})

test('an end_ns says how long as well', () => {
  const answer = {
    columns: [{ name: 'start_ns' }, { name: 'end_ns' }],
    rows: [[5, 9]],
    truncated: null,
    elapsedMs: 1,
  }
  expect(marksOf(answer, 0)?.marks).toEqual([{ startNs: 5, endNs: 9, label: '' }])
})
