import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { paintColumns } from '../../../draw/timeline/column-image.ts'
import { EMPTY, SHADES } from '../../../draw/timeline/column-line.ts'
import type { ColumnLine } from '../../../draw/timeline/column-line.ts'
import { fillColumns } from '../../../draw/timeline/column-rects.ts'
import { lookOf } from '../../../draw/timeline/look.ts'
import type { Surface } from '../../../draw/timeline/surface.ts'

const HEIGHT = 17
const LOOKS = ['busy/gemm', 'idle/host-work', 'busy/attention', 'idle/sync'].map((cls) =>
  lookOf(cls, 0, 'light'),
)
/** A made-up hatch: every third pixel of every line, shifted a pixel a line. */
const MASK = { size: 3, alpha: [255, 0, 0, 0, 255, 0, 0, 0, 255] }

const lineOf = (columns: readonly (readonly [look: number, shade: number])[], density = 1): ColumnLine => ({
  y: 30,
  height: HEIGHT,
  columnPx: 1 / density,
  looks: LOOKS,
  look: Uint8Array.from(columns, ([look]) => look),
  shade: Uint8Array.from(columns, ([, shade]) => shade),
})

/** What the rectangles leave on each pixel: the last one's colour and alpha; a hatch counts as its mask says. */
function byRects(line: ColumnLine): string[] {
  const pixels = Array.from({ length: line.look.length * HEIGHT }, () => '')
  const put = (rects: readonly number[], ink: (x: number, y: number) => string): void => {
    for (let i = 0; i < rects.length; i += 4)
      for (let y = rects[i + 1]!; y < rects[i + 1]! + rects[i + 3]!; y++)
        for (let x = rects[i]!; x < rects[i]! + rects[i + 2]!; x++)
          // A foot is drawn first; under one, shade and hatch are the same colour and make no difference to see.
          pixels[(y - line.y) * line.look.length + x] ||= ink(x, y)
  }
  const said = (colour: string, alpha: number): string =>
    alpha === 0 ? '' : `${colour} ${Math.round(alpha * 255)}`
  const surface = {
    rects: (rects: readonly number[], colour: string, alpha: number) => put(rects, () => said(colour, alpha)),
    hatch: (rects: readonly number[], { stroke }: { stroke: string }, alpha: number) =>
      put(rects, (x, y) => said(stroke, (MASK.alpha[(y % 3) * 3 + (x % 3)]! / 255) * alpha)),
  }
  fillColumns(surface as unknown as Surface, [line])
  return pixels
}

function byImage(line: ColumnLine): string[] {
  const out = new Uint32Array(line.look.length * HEIGHT).fill(0x12345678)
  paintColumns(out, line, line.look.length, HEIGHT, line.y, () => MASK)
  return Array.from(out, (value) => {
    if (value >>> 24 === 0) return ''
    const channel = (shift: number): string => ((value >>> shift) & 0xff).toString(16).padStart(2, '0')
    return `#${channel(0)}${channel(8)}${channel(16)} ${value >>> 24}`
  })
}

describe('columns as an image', () => {
  test('every pixel has the colour and strength that the rectangles would give it', () => {
    const column = fc.oneof(
      fc.constant([EMPTY, 0] as const),
      fc.tuple(fc.nat({ max: LOOKS.length - 1 }), fc.nat({ max: SHADES })),
    )
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 40 }), (columns) => {
        const line = lineOf(columns)
        expect(byImage(line)).toEqual(byRects(line))
      }),
    )
  })

  test('what is too short to shade has its foot: three pixels, six on a screen twice as fine', () => {
    const filled = (density: number): number => {
      const line = lineOf([[0, 0]], density)
      const out = new Uint32Array(HEIGHT * density)
      paintColumns(out, line, 1, HEIGHT * density, 0, () => MASK)
      return out.filter((value) => value >>> 24 === 255).length
    }
    expect([filled(1), filled(2)]).toEqual([3, 6])
  })
})
