/**
 * What a drawing is made on. A canvas and an SVG document are the two surfaces; both take the same calls.
 * Coordinates are CSS pixels, colours are CSS colours. Rectangles are flat: x, y, width, height, x, y, …
 */
import type { ColumnLine } from './column-line.ts'

export interface Surface {
  /** Fills rectangles in one colour, `alpha` 0 to 1. */
  rects(rects: readonly number[], colour: string, alpha: number): void
  /** Fills rectangles with lines on nothing; all hatches share one origin, so neighbours join without a seam. */
  hatch(rects: readonly number[], pattern: HatchLook, alpha: number): void
  /** A line of pixel columns in one go; a surface without it gets them as rectangles (column-rects.ts). */
  columns?(line: ColumnLine): void
  /** A polyline: x, y, x, y, … */
  line(points: readonly number[], colour: string, width: number, dash?: readonly number[]): void
  /** A filled polygon: x, y, x, y, … */
  area(points: readonly number[], colour: string, alpha: number): void
  text(text: string, x: number, y: number, look: TextLook): void
  /** Width of a text, px. */
  measure(text: string, look: TextLook): number
  /** Draws with the origin moved. */
  at(x: number, y: number, draw: () => void): void
  /** Draws only inside of a rectangle. */
  clip(x: number, y: number, width: number, height: number, draw: () => void): void
}

export interface TextLook {
  colour: string
  /** px. */
  size: number
  family: 'sans' | 'mono'
  align?: 'left' | 'right' | 'center'
  weight?: number
}

/** Lines `gap` px apart, `width` px thick, at `angle` degrees. */
export interface HatchLook {
  stroke: string
  angle: 0 | 45 | 90 | 135
  gap: number
  width: number
  dash?: readonly [number, number]
  crossed?: boolean
}

/** The fonts by name, as the page bundles them. */
export const FAMILIES = {
  sans: "'Inter Variable', system-ui, sans-serif",
  mono: "'JetBrains Mono Variable', ui-monospace, monospace",
} as const

/**
 * The lines of a hatch inside one tile of `size` px that repeats without a seam: x0, y0, x1, y1, …
 * A slanted line of gap g measured across repeats every g·√2 along an edge; the tile is that, and lines reach over its
 * corners so that they meet.
 */
export function hatchTile(look: HatchLook): { size: number; lines: number[] } {
  const slanted = look.angle === 45 || look.angle === 135
  const size = slanted ? Math.round(look.gap * Math.SQRT2) : look.gap
  const lines = linesAt(look.angle, size)
  if (look.crossed === true)
    lines.push(...linesAt(look.angle === 0 ? 90 : look.angle === 45 ? 135 : 45, size))
  return { size, lines }
}

function linesAt(angle: HatchLook['angle'], size: number): number[] {
  const middle = size / 2
  if (angle === 0) return [0, middle, size, middle]
  if (angle === 90) return [middle, 0, middle, size]
  const lines: number[] = []
  for (const shift of [-size, 0, size])
    lines.push(
      ...(angle === 45
        ? [shift - 1, size + 1, shift + size + 1, -1]
        : [shift - 1, -1, shift + size + 1, size + 1]),
    )
  return lines
}
