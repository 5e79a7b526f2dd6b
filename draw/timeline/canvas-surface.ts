/** A surface over a 2-D canvas context. Patterns and text widths are kept between drawings. */
import { paintColumns } from './column-image.ts'
import type { HatchMask } from './column-image.ts'
import type { ColumnLine } from './column-line.ts'
import { FAMILIES, hatchTile } from './surface.ts'
import type { HatchLook, Surface, TextLook } from './surface.ts'

/** The part of CanvasRenderingContext2D that is used here, so that a drawing needs no page to be tested. */
export interface Context2d {
  fillStyle: unknown
  strokeStyle: unknown
  globalAlpha: number
  lineWidth: number
  font: string
  textAlign: unknown
  textBaseline: unknown
  textRendering: string
  fillRect(x: number, y: number, width: number, height: number): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  rect(x: number, y: number, width: number, height: number): void
  fill(): void
  stroke(): void
  clip(): void
  translate(x: number, y: number): void
  save(): void
  restore(): void
  setLineDash(dash: number[]): void
  fillText(text: string, x: number, y: number): void
  measureText(text: string): { width: number }
}

/** Makes a fill style that repeats what `draw` puts on a square of `size` CSS px; undefined where that cannot be. */
export type MakePattern = (size: number, density: number, draw: (context: Context2d) => void) => unknown

/** A picture to write pixels into (0xAABBGGRR, row by row), and what lays it onto the canvas, device pixel for device pixel. */
export interface Stamp {
  readonly pixels: Uint32Array
  /** CSS px of its upper left corner. */
  put(x: number, y: number): void
}

/** Images on the same canvas: what a lane full of short spans costs no more with than an empty one. */
export interface Images {
  /** Device pixels; the same stamp each time for the same size. */
  stamp(width: number, height: number): Stamp
  mask(size: number, density: number, draw: (context: Context2d) => void): HatchMask
}

export class CanvasSurface implements Surface {
  readonly columns?: (line: ColumnLine) => void
  readonly #context: Context2d
  readonly #density: number
  readonly #makePattern: MakePattern
  readonly #patterns = new Map<string, unknown>()
  readonly #masks = new Map<HatchLook, HatchMask>()
  readonly #widths = new Map<string, number>()
  #font = ''

  /** `density` is device pixels per CSS pixel; the context must already be scaled by it. */
  constructor(context: Context2d, density: number, makePattern: MakePattern, images?: Images) {
    this.#context = context
    this.#density = density
    this.#makePattern = makePattern
    context.textBaseline = 'middle'
    // Without ligatures, which a canvas can turn off only so: Inter would draw sgemm_128x64 as 128×64.
    context.textRendering = 'optimizeSpeed'
    if (images !== undefined) this.columns = (line) => this.#image(line, images)
  }

  rects(rects: readonly number[], colour: string, alpha: number): void {
    this.#context.fillStyle = colour
    this.#fillRects(rects, alpha)
  }

  hatch(rects: readonly number[], look: HatchLook, alpha: number): void {
    this.#context.fillStyle = this.#pattern(look)
    this.#fillRects(rects, alpha)
  }

  #fillRects(rects: readonly number[], alpha: number): void {
    const context = this.#context
    context.globalAlpha = alpha
    for (let i = 0; i + 3 < rects.length; i += 4)
      context.fillRect(rects[i]!, rects[i + 1]!, rects[i + 2]!, rects[i + 3]!)
    context.globalAlpha = 1
  }

  #image(line: ColumnLine, images: Images): void {
    const density = this.#density
    const height = Math.round(line.height * density)
    const stamp = images.stamp(line.look.length, height)
    const y = Math.round(line.y * density)
    paintColumns(stamp.pixels, line, line.look.length, height, y, ({ hatch }) => {
      let mask = this.#masks.get(hatch)
      if (mask === undefined)
        this.#masks.set(hatch, (mask = images.mask(hatchTile(hatch).size, density, drawHatch(hatch))))
      return mask
    })
    stamp.put(0, line.y)
  }

  line(points: readonly number[], colour: string, width: number, dash: readonly number[] = []): void {
    const context = this.#context
    context.strokeStyle = colour
    context.lineWidth = width
    context.setLineDash([...dash])
    this.#path(points)
    context.stroke()
  }

  area(points: readonly number[], colour: string, alpha: number): void {
    const context = this.#context
    context.fillStyle = colour
    context.globalAlpha = alpha
    this.#path(points)
    context.fill()
    context.globalAlpha = 1
  }

  #path(points: readonly number[]): void {
    const context = this.#context
    context.beginPath()
    for (let i = 0; i + 1 < points.length; i += 2) {
      if (i === 0) context.moveTo(points[0]!, points[1]!)
      else context.lineTo(points[i]!, points[i + 1]!)
    }
  }

  text(text: string, x: number, y: number, look: TextLook): void {
    const context = this.#context
    this.#useFont(look)
    context.fillStyle = look.colour
    context.textAlign = look.align ?? 'left'
    context.fillText(text, x, y)
  }

  measure(text: string, look: TextLook): number {
    const key = `${look.size}${look.family}${look.weight ?? 400} ${text}`
    const known = this.#widths.get(key)
    if (known !== undefined) return known
    this.#useFont(look)
    const { width } = this.#context.measureText(text)
    // Names come from traces; a page that stays open for days must not keep every one of them.
    if (this.#widths.size > 20_000) this.#widths.clear()
    this.#widths.set(key, width)
    return width
  }

  #useFont(look: TextLook): void {
    const font = `${look.weight ?? 400} ${look.size}px ${FAMILIES[look.family]}`
    if (font === this.#font) return
    this.#context.font = font
    this.#font = font
  }

  at(x: number, y: number, draw: () => void): void {
    this.#context.save()
    this.#context.translate(x, y)
    draw()
    this.#context.restore()
    this.#font = ''
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const context = this.#context
    context.save()
    context.beginPath()
    context.rect(x, y, width, height)
    context.clip()
    draw()
    context.restore()
    this.#font = ''
  }

  #pattern(look: HatchLook): unknown {
    const key = `${look.stroke} ${look.angle} ${look.gap} ${look.width} ${look.dash?.join() ?? ''} ${look.crossed ?? ''}`
    const known = this.#patterns.get(key)
    if (known !== undefined) return known
    const pattern = this.#makePattern(hatchTile(look).size, this.#density, drawHatch(look))
    const style = pattern ?? look.stroke
    this.#patterns.set(key, style)
    return style
  }
}

/** Draws one tile of a hatch. */
const drawHatch =
  (look: HatchLook) =>
  (context: Context2d): void => {
    const { lines } = hatchTile(look)
    context.strokeStyle = look.stroke
    context.lineWidth = look.width
    context.setLineDash(look.dash === undefined ? [] : [...look.dash])
    for (let i = 0; i + 3 < lines.length; i += 4) {
      context.beginPath()
      context.moveTo(lines[i]!, lines[i + 1]!)
      context.lineTo(lines[i + 2]!, lines[i + 3]!)
      context.stroke()
    }
  }
