/** Over the tracks of two aligned runs: what is matched with what is pointed at, and what has no match. */
import type { Axis } from './axis.ts'
import { boxesOf, outline } from './boxes.ts'
import type { TimelineTheme } from './look.ts'
import type { TrackLayout } from './scene.ts'
import type { Surface } from './surface.ts'
import { xOf } from './viewport.ts'
import type { Viewport } from './viewport.ts'

/** What a span of another run is matched with; times where they are known, for what has no box. Run time. */
export interface Linked {
  table: string
  row: number
  startNs?: number
  endNs?: number
}

/** Work of an aligned run that the other one lacks. */
export interface Unmatched {
  device: number
  has(row: number): boolean
  /** Run time, ascending. */
  spans: readonly { startNs: number; endNs: number }[]
}

export interface LinkOverlay {
  view: Viewport
  axis: Axis
  tracks: readonly TrackLayout[]
  /** Matches of what is pointed at or selected in the other of two aligned runs. */
  linked?: readonly Linked[]
  /** Device ops without a match there are marked. */
  unmatched?: Unmatched | undefined
}

/** Matches are framed with a wash; ops without a match carry a line along their top. */
export function drawLinks(surface: Surface, overlay: LinkOverlay, theme: TimelineTheme): void {
  const { linked = [], unmatched, view, axis, tracks } = overlay
  if (linked.length === 0 && unmatched === undefined) return
  const rows = new Map(linked.map((one) => [`${one.table} ${one.row}`, one]))
  const seen = new Set<string>()
  for (const { row, lane, box } of boxesOf(tracks)) {
    if (row.track.kind === 'idle') continue
    const key = `${row.track.table} ${box.row}`
    if (rows.has(key)) {
      seen.add(key)
      surface.rects([box.x0, lane.y, box.x1 - box.x0, lane.height], theme.ink, 0.18)
      outline(surface, box, lane, view, theme.ink, 2)
    } else if (row.track.table === 'device_op' && unmatched?.has(box.row))
      surface.rects([box.x0, lane.y, Math.max(1, box.x1 - box.x0 - 1), 3], theme.ink, 1)
  }
  drawUnmatched(surface, overlay, theme)
  // Too small for a box: a stroke through its tracks.
  for (const { row, lanes } of tracks) {
    if (row.track.table !== 'device_op' || row.track.kind === 'idle' || lanes.length === 0) continue
    for (const [key, one] of rows) {
      if (seen.has(key) || one.startNs === undefined || one.endNs === undefined) continue
      const [x0, x1] = [xOf(view, axis.toView(one.startNs)), xOf(view, axis.toView(one.endNs))]
      if (x1 < 0 || x0 > view.width) continue
      surface.rects([x0, row.y + 1, Math.max(2, x1 - x0), row.height - 2], theme.ink, 0.85)
    }
  }
}

/** A wedge on the device's own track, however little room is left: warped, what one run lacks has no room at all. */
function drawUnmatched(
  surface: Surface,
  { unmatched, view, axis, tracks }: LinkOverlay,
  theme: TimelineTheme,
): void {
  const row = tracks.find((one) => one.row.track.id === `device-${unmatched?.device}`)?.row
  if (unmatched === undefined || row === undefined) return
  let last = -Infinity
  for (const { startNs, endNs } of unmatched.spans) {
    const [x0, x1] = [xOf(view, axis.toView(startNs)), xOf(view, axis.toView(endNs))]
    const x = (x0 + x1) / 2
    // Wedges that would cover each other are one.
    if (x1 < 0 || x0 > view.width || x - last < 3) continue
    last = x
    surface.area([x - 4, row.y, x + 4, row.y, x, row.y + 7], theme.ink, 1)
  }
}
