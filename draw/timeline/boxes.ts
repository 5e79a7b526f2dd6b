/** The boxes of laid-out tracks, and a frame around one. */
import type { Box } from './lane.ts'
import type { TrackLayout } from './scene.ts'
import type { Surface } from './surface.ts'
import type { Viewport } from './viewport.ts'

/** Every box with its track and lane. */
export function* boxesOf(tracks: readonly TrackLayout[]) {
  for (const { row, lanes } of tracks)
    for (const { row: lane, layout } of lanes) for (const box of layout.boxes) yield { row, lane, box }
}

/** A frame that stays open to the sides where the box goes on. */
export function outline(
  surface: Surface,
  box: Box,
  lane: { y: number; height: number },
  view: Viewport,
  colour: string,
  width: number,
): void {
  const [x0, x1] = [Math.max(box.x0, -4), Math.min(box.x1, view.width + 4)]
  const [y0, y1] = [lane.y - 0.5, lane.y + lane.height + 0.5]
  surface.line([x0, y0, x1, y0, x1, y1, x0, y1, x0, y0], colour, width)
}
