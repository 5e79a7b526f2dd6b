/** A canvas element as a drawing surface of a given size, sharp on every screen. */
import { CanvasSurface } from '../../../draw/timeline/canvas-surface.ts'
import type { Context2d } from '../../../draw/timeline/canvas-surface.ts'

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
    surface: new CanvasSurface(context, density, patternMaker(context)),
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
    const pixels = Math.max(1, Math.round(size * density))
    const tile = document.createElement('canvas')
    tile.width = pixels
    tile.height = pixels
    const context = tile.getContext('2d')
    if (context === null) return undefined
    context.scale(pixels / size, pixels / size)
    draw(context)
    const made = target.createPattern(tile, 'repeat')
    made?.setTransform(new DOMMatrix([size / pixels, 0, 0, size / pixels, 0, 0]))
    return made ?? undefined
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
