/**
 * Drawing a laid-out timeline. Shade is the busy share of a pixel, at every zoom; colour is the class with most of it.
 *
 *   ████ a box        ▓▓▒▒ pixels with less than all of their time busy        ▁ something is here, too short to shade
 */
import { NONE } from '../../trace/column.ts'
import { displayName } from './display-name.ts'
import type { Box, LaneLayout } from './lane.ts'
import type { Look, TimelineTheme } from './look.ts'
import type { PixelRow } from './pixel-row.ts'
import type { LaneRow } from './rows.ts'
import type { Surface, TextLook } from './surface.ts'

/** Shades between nothing and full; 24 are finer than an eye tells apart side by side. */
const SHADES = 24
/** Under this share a pixel's shade is too faint to find; a mark at the lane's foot says that something is there. */
const FAINT = 0.2
const FOOT = 3
/** A label needs this many px of box. */
const LABEL_PX = 24

/** Rectangles by look and shade, so that each is filled in one go. */
export class Paint {
  /** Rectangles of each look by shade, 0 (the feet) to SHADES. */
  readonly #fills = new Map<Look, (number[] | undefined)[]>()
  readonly #dividers: number[] = []
  readonly #labels: { box: Box; lane: LaneRow; look: Look }[] = []
  readonly #columnPx: number

  /** `density`: pixel columns in a CSS pixel. */
  constructor(density: number) {
    this.#columnPx = 1 / density
  }

  add(layout: LaneLayout, lane: LaneRow, looks: readonly Look[], viewWidth: number): void {
    this.#addPixels(layout, lane, looks)
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

  #addPixels({ pixels }: LaneLayout, lane: LaneRow, looks: readonly Look[]): void {
    for (let i = 0; i < pixels.length;) {
      const shade = shadeOf(pixels, i)
      const cls = pixels.cls[i]!
      const end = runEnd(pixels, i, shade, cls)
      if (shade >= 0) {
        const x = i * this.#columnPx
        const width = (end - i) * this.#columnPx
        const look = looks[cls]!
        if (shade > 0) this.#fill(look, shade, x, lane.y, width, lane.height)
        if (shade < FAINT * SHADES) {
          // What is a hatch stays light, even here: absence must not add up to a solid line.
          const foot = look.kind === 'hatch' ? FOOT - 1 : FOOT
          this.#fill(look, 0, x, lane.y + lane.height - foot, width, foot)
        }
      }
      i = end
    }
  }

  #fill(look: Look, shade: number, x: number, y: number, width: number, height: number): void {
    let shades = this.#fills.get(look)
    if (shades === undefined) this.#fills.set(look, (shades = []))
    ;(shades[shade] ??= []).push(x, y, width, height)
  }

  /** Puts everything on the surface: shades, edges, labels. */
  flush(
    surface: Surface,
    theme: TimelineTheme,
    nameOf: (label: number) => string | undefined,
    width: number,
  ): void {
    for (const [look, shades] of this.#fills)
      for (const [shade, rects] of shades.entries()) {
        if (rects === undefined) continue
        if (shade === 0) surface.rects(rects, look.colour, look.kind === 'hatch' ? 0.5 : 1)
        else if (look.kind === 'solid') surface.rects(rects, look.colour, shade / SHADES)
        else surface.hatch(rects, look.hatch, shade / SHADES)
      }
    surface.rects(this.#dividers, theme.divider, 0.75)
    for (const { box, lane, look } of this.#labels) {
      const name = nameOf(box.label)
      if (name !== undefined && name !== '') label(surface, displayName(name), box, lane, look, width, theme)
    }
  }
}

/** −1 where there is nothing, else the busy share in steps of 1 / SHADES. */
const shadeOf = (pixels: PixelRow, i: number): number =>
  pixels.filled[i] === 0 ? -1 : Math.round(pixels.share(i) * SHADES)

function runEnd(pixels: PixelRow, from: number, shade: number, cls: number): number {
  for (let i = from + 1; i < pixels.length; i++)
    if (shadeOf(pixels, i) !== shade || (shade >= 0 && pixels.cls[i] !== cls)) return i
  return pixels.length
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
