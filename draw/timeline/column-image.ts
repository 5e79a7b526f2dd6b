/**
 * A line of pixel columns as an image. Its cost does not grow with what is on it: 1,200 columns that all differ are 1,200
 * rectangles for a canvas, 1 to 2 µs each, but 20,000 pixels here, 1 ns each.
 */
import { EMPTY, SHADES, footOf, hasFoot } from './column-line.ts'
import type { ColumnLine } from './column-line.ts'
import type { Look } from './look.ts'

/** A hatch's own pixels: `size` × `size` values from 0 to 255, how much of its stroke is in each. */
export interface HatchMask {
  readonly size: number
  readonly alpha: ArrayLike<number>
}

/**
 * Writes a line into `out`, `width` × `height` device pixels as a canvas keeps them (0xAABBGGRR). `y` is the line's first
 * device pixel on the rows' own axis: all hatches share one origin, so that they move with the tracks.
 */
export function paintColumns(
  out: Uint32Array,
  line: ColumnLine,
  width: number,
  height: number,
  y: number,
  maskOf: (look: Look & { kind: 'hatch' }) => HatchMask,
): void {
  const { looks, look, shade } = line
  const columns = Math.min(width, look.length)
  const inks = looks.map((one) => inkOf(one.colour))
  // Solid columns first: one row of pixels, repeated.
  for (let x = 0; x < width; x++) {
    const own = x < columns ? look[x]! : EMPTY
    out[x] = own === EMPTY || looks[own]!.kind === 'hatch' ? 0 : pixel(inks[own]!, shade[x]! / SHADES)
  }
  for (let row = 1; row < height; row++) out.copyWithin(row * width, 0, width)
  const masks = looks.map((one) => (one.kind === 'hatch' ? maskOf(one) : undefined))
  for (let x = 0; x < columns; x++) {
    if (look[x] === EMPTY) continue
    const ink = inks[look[x]!]!
    const mask = masks[look[x]!]
    if (mask !== undefined && shade[x]! > 0) {
      const part = shade[x]! / SHADES / 255
      const across = x % mask.size
      for (let row = 0; row < height; row++)
        out[row * width + x] = pixel(ink, mask.alpha[((y + row) % mask.size) * mask.size + across]! * part)
    }
    if (hasFoot(shade[x]!)) {
      const { px, alpha } = footOf(looks[look[x]!]!)
      const first = height - Math.max(1, Math.round(px / line.columnPx))
      for (let row = Math.max(0, first); row < height; row++) out[row * width + x] = pixel(ink, alpha)
    }
  }
}

const pixel = (ink: number, alpha: number): number => (ink | (Math.round(alpha * 255) << 24)) >>> 0

/** '#rrggbb' as 0x00BBGGRR. */
function inkOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16)
  return ((value & 0xff) << 16) | (value & 0xff00) | (value >>> 16)
}
