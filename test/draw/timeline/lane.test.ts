import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BucketSection } from '../../../analysis/timeline/tile.ts'
import { sameAxis } from '../../../draw/timeline/axis.ts'
import { edgesOf, layOutLane } from '../../../draw/timeline/lane.ts'
import { layOut, picture, spansOf } from './drawn.ts'

describe('pixels', () => {
  test('one ns a pixel: the drawing itself', () => {
    expect(picture(layOut('..aaa.bb', 0, 10, 10))).toBe('..AAA.BB..')
  })

  test('two ns a pixel: half-busy pixels say so, and never look full', () => {
    //             |.a|a.|bb|cc|c.|.d|
    expect(picture(layOut('.aa.bbccc..d', 0, 12, 6))).toBe('aaBCcd')
  })

  test('the class with the most time wins a pixel, not the first and not the longest span elsewhere', () => {
    const layout = layOut('aabbbbcc', 0, 8, 1)
    expect(picture(layout)).toBe('B')
    expect(layout.pixels.share(0)).toBe(1)
    expect(layout.pixels.count[0]).toBe(3)
  })

  test('many short spans of one class outweigh a longer one of another', () => {
    expect(picture(layOut('a.aa.a.bbb.aa', 0, 13, 1))).toBe('a')
  })

  test('a span of 1 ns in 400 ns leaves a mark in exactly one of 4 pixels', () => {
    const layout = layOut(`${'.'.repeat(210)}a`, 0, 400, 4)
    expect(picture(layout)).toBe('..a.')
    expect(layout.pixels.share(2)).toBe(0.01)
  })

  test('an instant is there, though it takes no time', () => {
    const section = spansOf('.a')
    section.duration[0] = 0
    const view = { from: 0, to: 4, width: 4 }
    const layout = layOutLane(
      [{ section, level: 0, index: 0, from: 0, to: 512 }],
      view,
      sameAxis,
      edgesOf(view, sameAxis, 1),
    )
    expect(picture(layout)).toBe('.,..')
  })

  test('what lies left or right of the view is not drawn', () => {
    expect(picture(layOut('aaaa.bbbb', 3, 6, 3))).toBe('A.B')
    expect(picture(layOut('aaaa.bbbb', 20, 26, 3))).toBe('...')
  })

  test('the busy time of all pixels is that of the spans, at any width', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-d.]{1,200}$/),
        fc.integer({ min: 1, max: 300 }),
        (drawing, width) => {
          const { pixels } = layOut(drawing, 0, 200, width)
          const sum = pixels.busyNs.reduce((a, b) => a + b, 0)
          expect(sum).toBeCloseTo(drawing.replaceAll('.', '').length, 6)
        },
      ),
    )
  })

  test('two tiles that each tell half of a span draw it once', () => {
    const view = { from: 0, to: 8, width: 4 }
    const section = spansOf('..aaaa')
    const layout = layOutLane(
      [
        { section, level: 0, index: 0, from: 0, to: 4 },
        { section, level: 0, index: 1, from: 4, to: 8 },
      ],
      view,
      sameAxis,
      edgesOf(view, sameAxis, 1),
    )
    expect(picture(layout)).toBe('.AA.')
    expect(layout.pixels.count[1]).toBe(1)
    expect(layout.boxes).toEqual([])
  })
})

describe('boxes', () => {
  test('a span of three pixels or more is a box, a narrower one is not', () => {
    const { boxes } = layOut('aaa.bb.cccc', 0, 12, 12)
    expect(boxes.map(({ x0, x1, cls }) => [x0, x1, cls])).toEqual([
      [0, 3, 0],
      [7, 11, 2],
    ])
  })

  test('buckets that name one span as their longest are one box; a bucket alone is none', () => {
    const section: BucketSection = {
      kind: 'buckets',
      lane: 0,
      bucket: Uint16Array.of(0, 1, 2, 3, 9),
      busy: Float64Array.of(4, 4, 4, 2, 4),
      count: Uint32Array.of(1, 0, 0, 5, 9),
      row: Uint32Array.of(7, 7, 7, 8, 9),
      label: Uint32Array.of(1, 1, 1, 2, 3),
      cls: Uint8Array.of(0, 0, 0, 1, 2),
    }
    const view = { from: 0, to: 64, width: 64 }
    const piece = { section, level: 2, index: 0, from: 0, to: 2048 }
    const layout = layOutLane([piece], view, sameAxis, edgesOf(view, sameAxis, 1))
    expect(layout.boxes.map(({ x0, x1, row }) => [x0, x1, row])).toEqual([[0, 12, 7]])
    expect(picture(layout).slice(0, 17)).toBe('AAAAAAAAAAAAbbbb.')
  })

  test('the whole of a tile drawn from its parent keeps the same busy time', () => {
    const bucket = (index: number, busy: number) => ({ index, busy })
    const parent = [bucket(0, 6), bucket(1, 2)]
    const section: BucketSection = {
      kind: 'buckets',
      lane: 0,
      bucket: Uint16Array.from(parent, (one) => one.index),
      busy: Float64Array.from(parent, (one) => one.busy),
      count: Uint32Array.of(3, 1),
      row: Uint32Array.of(0, 1),
      label: Uint32Array.of(0, 1),
      cls: Uint8Array.of(0, 0),
    }
    const view = { from: 0, to: 16, width: 16 }
    const piece = { section, level: 3, index: 0, from: 0, to: 12 }
    const { pixels } = layOutLane([piece], view, sameAxis, edgesOf(view, sameAxis, 1))
    // 6 of the first bucket, and of the second (8 ns) the 4 ns that belong to the piece: half of its 2.
    expect(pixels.busyNs.reduce((a, b) => a + b, 0)).toBeCloseTo(7, 9)
  })
})
