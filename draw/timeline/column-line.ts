/**
 * A lane as pixel columns to be filled: what with, how strongly, and where a mark stands at the foot. A surface takes a
 * line whole, where it can (as an image), or as rectangles.
 */
import type { Look } from './look.ts'
import type { PixelRow } from './pixel-row.ts'
import type { LaneRow } from './rows.ts'

/** Shades between nothing and full; 24 are finer than an eye tells apart side by side. */
export const SHADES = 24
/** Under this share a pixel's shade is too faint to find; a mark at the lane's foot says that something is there. */
const FAINT = 0.2
/** CSS px. */
const FOOT = 3
/** Nothing is in the column. */
export const EMPTY = 255

export interface ColumnLine {
  /** CSS px. */
  readonly y: number
  readonly height: number
  readonly columnPx: number
  readonly looks: readonly Look[]
  /** By column: an index into `looks`, or EMPTY. */
  readonly look: Uint8Array
  /** By column: 0 (nothing but the foot) to SHADES (busy all of its time). */
  readonly shade: Uint8Array
}

/** The line of a lane; `density` pixel columns stand in one CSS pixel. */
export function columnLine(
  pixels: PixelRow,
  lane: LaneRow,
  looks: readonly Look[],
  density: number,
): ColumnLine {
  const { length } = pixels
  const look = new Uint8Array(length).fill(EMPTY)
  const shade = new Uint8Array(length)
  for (let i = 0; i < length; i++) {
    if (pixels.filled[i] === 0) continue
    look[i] = pixels.cls[i]!
    shade[i] = Math.round(pixels.share(i) * SHADES)
  }
  return { y: lane.y, height: lane.height, columnPx: 1 / density, looks, look, shade }
}

export const hasFoot = (shade: number): boolean => shade < FAINT * SHADES

/** What is a hatch stays light, even at its foot: absence must not add up to a solid line. */
export const footOf = (look: Look): { px: number; alpha: number } =>
  look.kind === 'hatch' ? { px: FOOT - 1, alpha: 0.5 } : { px: FOOT, alpha: 1 }
