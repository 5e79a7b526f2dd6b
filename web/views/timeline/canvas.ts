/** A canvas element as a drawing surface of a given size, sharp on every screen. */
import { CanvasSurface } from '../../../draw/timeline/canvas-surface.ts'
import type { Context2d, Images, Stamp } from '../../../draw/timeline/canvas-surface.ts'

export interface SizedCanvas {
  readonly surface: CanvasSurface
  readonly context: CanvasRenderingContext2D
  readonly density: number
}

/** Surfaces by canvas: patterns and text widths are worth keeping. Dropped when size or density change. */
const known = new WeakMap<HTMLCanvasElement, SizedCanvas & { width: number; height: number }>()

/** The surface of a canvas that is `width` × `height` CSS pixels. Sizing clears it; the same size keeps it as it is. */
export function sized(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  opaque: boolean,
): SizedCanvas | undefined {
  const density = window.devicePixelRatio || 1
  const before = known.get(canvas)
  if (before && before.width === width && before.height === height && before.density === density)
    return before
  const context = canvas.getContext('2d', { alpha: !opaque })
  if (context === null) return undefined
  canvas.width = Math.max(1, Math.round(width * density))
  canvas.height = Math.max(1, Math.round(height * density))
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const made = {
    surface: new CanvasSurface(context, density, patternMaker(context), imagesOn(context, density)),
    context,
    density,
    width,
    height,
  }
  known.set(canvas, made)
  return made
}

/** A repeating fill made by drawing one tile of it on a canvas of its own. */
export function patternMaker(target: CanvasRenderingContext2D) {
  return (size: number, density: number, draw: (context: Context2d) => void): unknown => {
    const tile = tileOf(size, density, draw)
    if (tile === undefined) return undefined
    const made = target.createPattern(tile.canvas, 'repeat')
    made?.setTransform(new DOMMatrix([size / tile.pixels, 0, 0, size / tile.pixels, 0, 0]))
    return made ?? undefined
  }
}

function tileOf(size: number, density: number, draw: (context: Context2d) => void) {
  const pixels = Math.max(1, Math.round(size * density))
  const canvas = document.createElement('canvas')
  canvas.width = pixels
  canvas.height = pixels
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return undefined
  context.scale(pixels / size, pixels / size)
  draw(context)
  return { canvas, context, pixels }
}

/** Images laid onto `target`, which has `density` device pixels to a CSS pixel; each size is made once. */
function imagesOn(target: CanvasRenderingContext2D, density: number): Images {
  const stamps = new Map<string, Stamp>()
  return {
    stamp(width, height) {
      const key = `${width} ${height}`
      const known = stamps.get(key)
      if (known !== undefined) return known
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      // Kept where the processor writes it, not where a graphics card would draw.
      const context = canvas.getContext('2d', { willReadFrequently: true })
      const image = new ImageData(width, height)
      const stamp: Stamp = {
        pixels: new Uint32Array(image.data.buffer),
        put(x, y) {
          context?.putImageData(image, 0, 0)
          target.drawImage(canvas, x, y, width / density, height / density)
        },
      }
      stamps.set(key, stamp)
      return stamp
    },
    mask(size, at, draw) {
      const tile = tileOf(size, at, draw)
      if (tile === undefined) return { size: 1, alpha: [64] }
      const { data } = tile.context.getImageData(0, 0, tile.pixels, tile.pixels)
      return { size: tile.pixels, alpha: data.filter((_, i) => i % 4 === 3) }
    },
  }
}

/** Calls `draw` at most once a frame, however often it is asked to. */
export function oncePerFrame(draw: () => void): { ask: () => void; stop: () => void } {
  let asked = 0
  return {
    ask: () => {
      asked ||= requestAnimationFrame(() => {
        asked = 0
        draw()
      })
    },
    stop: () => cancelAnimationFrame(asked),
  }
}

/** Calls `tell` at once, then at most every `ms`, the last time with what is so by then. For words: nobody reads sixty a second. */
export function atMostEvery(ms: number, tell: () => void): { ask: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = false
  const rest = (): void => {
    timer = undefined
    if (asked) now()
  }
  const now = (): void => {
    asked = false
    timer = setTimeout(rest, ms)
    tell()
  }
  return {
    ask: () => {
      if (timer === undefined) now()
      else asked = true
    },
    stop: () => clearTimeout(timer),
  }
}
