/** Marks as one row of boxes: each at least a pixel wide, its words where they fit, on a row of its own where they overlap. */
import type { TimelineTheme } from './look.ts'
import { shorten } from './paint.ts'
import type { Surface } from './surface.ts'
import { xOf } from './viewport.ts'
import type { Viewport } from './viewport.ts'

export interface MarkBox {
  x0: number
  x1: number
  /** Its place in the list it was made from. */
  mark: number
}

/** Boxes of the marks that are on screen, in their order; times on the view's axis. */
export function markBoxes(
  view: Viewport,
  marks: readonly { startNs: number; endNs: number }[],
  toView: (ns: number) => number,
): MarkBox[] {
  const boxes: MarkBox[] = []
  for (const [mark, { startNs, endNs }] of marks.entries()) {
    const x0 = xOf(view, toView(startNs))
    const x1 = Math.max(x0 + 2, xOf(view, toView(endNs)))
    if (x1 >= 0 && x0 <= view.width) boxes.push({ x0, x1, mark })
  }
  return boxes
}

/** The mark at x: the shortest box there, so that what lies over a longer one can be pointed at. */
export function markAt(boxes: readonly MarkBox[], x: number): number | undefined {
  let best: MarkBox | undefined
  for (const box of boxes)
    if (x >= box.x0 - 2 && x <= box.x1 + 2 && (best === undefined || box.x1 - box.x0 < best.x1 - best.x0))
      best = box
  return best?.mark
}

/** `hovered` is the mark that stands out. */
export function drawMarks(
  surface: Surface,
  boxes: readonly MarkBox[],
  labels: (mark: number) => string,
  height: number,
  theme: TimelineTheme,
  hovered?: number,
): void {
  const look = { colour: theme.ink, size: 11, family: 'sans' } as const
  const [top, tall] = [3, height - 6]
  surface.rects(
    boxes.flatMap(({ x0, x1 }) => [x0, top, x1 - x0, tall]),
    theme.note,
    0.35,
  )
  for (const { x0, mark } of boxes) surface.rects([x0, top, mark === hovered ? 3 : 2, tall], theme.note, 1)
  let free = -Infinity
  for (const [i, { x0, x1, mark }] of boxes.entries()) {
    const room = Math.min(x1, boxes[i + 1]?.x0 ?? Infinity) - Math.max(x0, 0) - 8
    if (x0 < free || room < 20) continue
    const text = shorten(surface, labels(mark), room, look)
    if (text !== '') surface.text(text, Math.max(x0, 0) + 5, height / 2, look)
    free = x1
  }
}
