/** Lines of pixel columns as rectangles, for a surface that takes no images: neighbours that look alike are one. */
import { EMPTY, SHADES, footOf, hasFoot } from './column-line.ts'
import type { ColumnLine } from './column-line.ts'
import type { Look } from './look.ts'
import type { Surface } from './surface.ts'

/** Fills all lines, look by look and shade by shade, so that each is filled in one go. */
export function fillColumns(surface: Surface, lines: readonly ColumnLine[]): void {
  /** Rectangles of each look by shade, 0 (the feet) to SHADES. */
  const fills = new Map<Look, (number[] | undefined)[]>()
  const add = (look: Look, shade: number, ...rect: [number, number, number, number]): void => {
    let shades = fills.get(look)
    if (shades === undefined) fills.set(look, (shades = []))
    ;(shades[shade] ??= []).push(...rect)
  }
  for (const line of lines) addLine(line, add)
  for (const [look, shades] of fills)
    for (const [shade, rects] of shades.entries()) {
      if (rects === undefined) continue
      if (shade === 0) surface.rects(rects, look.colour, footOf(look).alpha)
      else if (look.kind === 'solid') surface.rects(rects, look.colour, shade / SHADES)
      else surface.hatch(rects, look.hatch, shade / SHADES)
    }
}

type Add = (look: Look, shade: number, x: number, y: number, width: number, height: number) => void

function addLine({ y, height, columnPx, looks, look, shade }: ColumnLine, add: Add): void {
  for (let i = 0; i < look.length;) {
    let end = i + 1
    while (end < look.length && look[end] === look[i] && shade[end] === shade[i]) end++
    const x = i * columnPx
    const width = (end - i) * columnPx
    if (look[i] !== EMPTY) {
      const own = looks[look[i]!]!
      if (shade[i]! > 0) add(own, shade[i]!, x, y, width, height)
      if (hasFoot(shade[i]!)) {
        const { px } = footOf(own)
        add(own, 0, x, y + height - px, width, px)
      }
    }
    i = end
  }
}
