/** What lies over the tracks: the selected window, cursors, the span in question and its like, arrows from launch to work. */
import { NONE } from '../../trace/column.ts'
import { formatNs } from '../../trace/number-format.ts'
import type { Track } from '../../trace/timeline.ts'
import type { TimelineTheme } from './look.ts'
import { drawFlows } from './flow.ts'
import type { FlowOverlay } from './flow.ts'
import { drawLinks } from './matched.ts'
import type { LinkOverlay } from './matched.ts'
import { boxesOf, outline } from './boxes.ts'
import { shorten } from './paint.ts'
import type { Surface } from './surface.ts'
import { xOf } from './viewport.ts'
import type { Viewport } from './viewport.ts'

/** A note's flag is no wider. */
const NOTE_PX = 170

export interface Marked {
  table: string
  row: number
  /** Run time, for a span too small for a box. */
  startNs: number
  endNs: number
  track: string
}

export interface Overlay extends LinkOverlay, FlowOverlay {
  /** Times on the view's axis. */
  window: readonly [number, number] | undefined
  a: number | undefined
  b: number | undefined
  hovered: { track: string; table: string; row: number; label: number } | undefined
  selected: Marked | undefined
  /** The gap in question, run time. */
  gap: { track: string; startNs: number; endNs: number } | undefined
  notes: readonly { startNs: number; endNs: number | undefined; text: string }[]
}

export function drawOverlay(surface: Surface, overlay: Overlay, theme: TimelineTheme): void {
  const { view, tracks, top, bottom, window, hovered, selected } = overlay
  if (window !== undefined) {
    const [x0, x1] = [xOf(view, window[0]), xOf(view, window[1])]
    surface.rects(
      [0, top, Math.max(0, x0), bottom - top, x1, top, Math.max(0, view.width - x1), bottom - top],
      theme.ground,
      0.6,
    )
    surface.line([x0, top, x0, bottom], theme.ink, 1)
    surface.line([x1, top, x1, bottom], theme.ink, 1)
  }
  if (hovered !== undefined) {
    for (const { row, lane, box } of boxesOf(tracks)) {
      // A gap and the op that ends it have one row: each is marked on its own track only.
      if (row.track.table !== hovered.table || isOtherKind(row.track, hovered.track)) continue
      if (box.row === hovered.row) outline(surface, box, lane, view, theme.ink, 1)
      // Its like: a line under everything of one name, so that a rhythm can be seen.
      else if (box.label === hovered.label && box.label !== NONE)
        surface.rects([box.x0, lane.y + lane.height - 2, box.x1 - box.x0, 2], theme.ink, 1)
    }
  }
  drawLinks(surface, overlay, theme)
  if (overlay.gap !== undefined) drawGap(surface, overlay, overlay.gap, theme)
  drawFlows(surface, overlay, theme)
  if (selected !== undefined) {
    let found = false
    for (const { row, lane, box } of boxesOf(tracks)) {
      if (row.track.table !== selected.table || box.row !== selected.row || row.track.kind === 'idle')
        continue
      outline(surface, box, lane, view, theme.ink, 2)
      found = true
    }
    if (!found) flag(surface, overlay, selected, theme)
  }
  for (const note of overlay.notes) drawNote(surface, overlay, note, theme)
  drawCursors(surface, overlay, theme)
}

const isOtherKind = (track: Track, hovered: string): boolean =>
  (track.kind === 'idle') !== hovered.startsWith('idle-')

/** A bracket around the gap on its own track, and thin lines down to what else happened meanwhile. */
function drawGap(
  surface: Surface,
  { view, axis, tracks, bottom }: Overlay,
  gap: { track: string; startNs: number; endNs: number },
  theme: TimelineTheme,
): void {
  const at = tracks.find(({ row }) => row.track.id === gap.track)
  if (at === undefined) return
  const { y, height } = at.row
  const [x0, x1] = [xOf(view, axis.toView(gap.startNs)), xOf(view, axis.toView(gap.endNs))]
  surface.line([x0, y, x1, y, x1, y + height, x0, y + height, x0, y], theme.ink, 2)
  for (const x of [x0, x1]) surface.line([x, y + height, x, bottom], theme.ink, 0.5, [2, 3])
}

/** A span without a box of its own: a pointer at its place on its track. */
function flag(
  surface: Surface,
  { view, axis, tracks }: Overlay,
  { track, startNs }: Marked,
  theme: TimelineTheme,
): void {
  const at = tracks.find(({ row }) => row.track.id === track)
  if (at === undefined) return
  const x = xOf(view, axis.toView(startNs))
  surface.area([x - 4, at.row.y, x + 4, at.row.y, x, at.row.y + 6], theme.ink, 1)
  surface.line([x, at.row.y, x, at.row.y + at.row.height], theme.ink, 1)
}

function drawNote(
  surface: Surface,
  { view, axis, top, bottom }: Overlay,
  note: { startNs: number; endNs: number | undefined; text: string },
  theme: TimelineTheme,
): void {
  const x0 = xOf(view, axis.toView(note.startNs))
  const x1 = note.endNs === undefined ? x0 : xOf(view, axis.toView(note.endNs))
  if (x1 < 0 || x0 > view.width) return
  surface.line([x0, top, x0, bottom], theme.note, 1, [2, 3])
  if (x1 > x0 + 1) surface.line([x1, top, x1, bottom], theme.note, 1, [2, 3])
  // The words stand on a flag at the top; the whole note is in its list.
  const look = { colour: theme.surface, size: 11, family: 'sans', weight: 500 } as const
  const text = shorten(surface, note.text.replaceAll(/\s+/g, ' '), NOTE_PX, look)
  if (text === '') return
  surface.rects([x0, top + 3, surface.measure(text, look) + 10, 17], theme.note, 1)
  surface.text(text, x0 + 5, top + 12, look)
}

function drawCursors(surface: Surface, { view, a, b, top, bottom }: Overlay, theme: TimelineTheme): void {
  const at = (ns: number): number => Math.round(xOf(view, ns)) + 0.5
  for (const ns of [a, b])
    if (ns !== undefined) surface.line([at(ns), top, at(ns), bottom], theme.ink, 1, [5, 3])
}

/** Where the flags of the cursors stand on the ruler; px. */
export function cursorFlags(
  view: Viewport,
  { a, b }: { a: number | undefined; b: number | undefined },
): { name: string; x: number; width: number }[] {
  return Object.entries({ A: a, B: b }).flatMap(([name, ns]) =>
    ns === undefined ? [] : [{ name, x: Math.round(xOf(view, ns)), width: 13 }],
  )
}

/** Flags of the cursors on the ruler, and the time between them. */
export function drawCursorFlags(
  surface: Surface,
  view: Viewport,
  { a, b }: { a: number | undefined; b: number | undefined },
  height: number,
  theme: TimelineTheme,
): void {
  for (const { name, x, width } of cursorFlags(view, { a, b })) {
    surface.rects([x, height - 15, width, 14], theme.ink, 1)
    surface.text(name, x + 3, height - 8, { colour: theme.surface, size: 10, family: 'sans', weight: 600 })
  }
  if (a === undefined || b === undefined) return
  const [x0, x1] = [xOf(view, Math.min(a, b)), xOf(view, Math.max(a, b))]
  const text = formatNs(Math.abs(b - a))
  const look = { colour: theme.ink, size: 11, family: 'mono', align: 'center', weight: 600 } as const
  const middle = (Math.max(x0, 0) + Math.min(x1, view.width)) / 2
  const width = surface.measure(text, look) + 10
  surface.line([x0, 6, x1, 6], theme.ink, 1)
  surface.rects([middle - width / 2, 0, width, 13], theme.ground, 1)
  surface.text(text, middle, 6.5, look)
}
