/**
 * Drawing a laid-out timeline. Shade is the busy share of a pixel, at every zoom; colour is the class with most of it.
 *
 *   ████ a box        ▓▓▒▒ pixels with less than all of their time busy        ▁ something is here, too short to shade
 */
import { NONE } from '../../trace/column.ts'
import { columnLine } from './column-line.ts'
import type { ColumnLine } from './column-line.ts'
import { fillColumns } from './column-rects.ts'
import { displayName } from './display-name.ts'
import type { Box, LaneLayout } from './lane.ts'
import type { Look, TimelineTheme } from './look.ts'
import type { LaneRow } from './rows.ts'
import type { Surface, TextLook } from './surface.ts'

/** A label needs this many px of box. */
const LABEL_PX = 24

/** Lanes gathered, then put on a surface: columns, edges, labels. */
export class Paint {
  readonly #lines: ColumnLine[] = []
  readonly #dividers: number[] = []
  readonly #labels: { box: Box; lane: LaneRow; look: Look }[] = []
  readonly #density: number

  /** `density`: pixel columns in a CSS pixel. */
  constructor(density: number) {
    this.#density = density
  }

  add(layout: LaneLayout, lane: LaneRow, looks: readonly Look[], viewWidth: number): void {
    this.#lines.push(columnLine(layout.pixels, lane, looks, this.#density))
    for (const box of layout.boxes) {
      const width = Math.min(box.x1, viewWidth) - Math.max(box.x0, 0)
      if (width < LABEL_PX) {
        if (box.x0 > 0) this.#dividers.push(box.x0, lane.y, 0.5, lane.height)
        continue
      }
      if (box.x0 > 0) this.#dividers.push(box.x0, lane.y, 1, lane.height)
      if (box.label !== NONE && lane.height >= 12) this.#labels.push({ box, lane, look: looks[box.cls]! })
    }
  }

  /** Puts everything on the surface: shades, edges, labels. */
  flush(
    surface: Surface,
    theme: TimelineTheme,
    nameOf: (label: number) => string | undefined,
    width: number,
  ): void {
    if (surface.columns === undefined) fillColumns(surface, this.#lines)
    else for (const line of this.#lines) surface.columns(line)
    surface.rects(this.#dividers, theme.divider, 0.75)
    for (const { box, lane, look } of this.#labels) {
      const name = nameOf(box.label)
      if (name !== undefined && name !== '') label(surface, displayName(name), box, lane, look, width, theme)
    }
  }
}

function label(
  surface: Surface,
  name: string,
  box: Box,
  lane: LaneRow,
  look: Look,
  viewWidth: number,
  theme: TimelineTheme,
): void {
  const left = Math.max(box.x0, 0) + 4
  const room = Math.min(box.x1, viewWidth) - left - 3
  const style: TextLook = { colour: look.ink, size: 11, family: 'sans' }
  const text = shorten(surface, name, room, style)
  if (text === '') return
  const y = lane.y + lane.height / 2 + 0.5
  // Words on a hatch need a quiet ground.
  if (look.kind === 'hatch')
    surface.rects(
      [left - 2, lane.y + 2, surface.measure(text, style) + 4, lane.height - 4],
      theme.surface,
      0.85,
    )
  surface.text(text, left, y, style)
}

/** The text itself, or as much of it as fits and "…"; '' when not even three letters do. */
export function shorten(surface: Surface, text: string, room: number, look: TextLook): string {
  const width = surface.measure(text, look)
  if (width <= room) return text
  // Cut by the mean width of a letter, then take off what is still too much.
  let length = Math.floor((text.length * (room - look.size * 0.7)) / width)
  while (length >= 3) {
    const cut = `${text.slice(0, length).trimEnd()}…`
    if (surface.measure(cut, look) <= room) return cut
    length--
  }
  return ''
}
