/** The whole picture for taking away: title, ruler, names, tracks and what lies over them, on any surface. */
import { displayName } from './display-name.ts'
import { drawRuler, drawTimeline } from './draw-timeline.ts'
import type { Drawing } from './draw-timeline.ts'
import type { TimelineTheme } from './look.ts'
import { cursorFlags, drawCursorFlags, drawOverlay } from './overlay.ts'
import type { Overlay } from './overlay.ts'
import { shorten } from './paint.ts'
import type { Surface } from './surface.ts'
import { trackTitle } from './track-title.ts'

export interface Snapshot extends Drawing {
  title: string
  /** Cursors, notes, what is selected: as on screen. */
  overlay: Overlay
}

const HEADS = 220
const TITLE = 26
const RULER = 34

/** px of a snapshot whose tracks are `width` × `height`. */
export const snapshotSize = (width: number, height: number): { width: number; height: number } => ({
  width: width + HEADS,
  height: height + TITLE + RULER,
})

export function drawSnapshot(surface: Surface, snapshot: Snapshot, theme: TimelineTheme): void {
  const { view, rows, bottom, title, overlay } = snapshot
  surface.rects([0, 0, view.width + HEADS, bottom + TITLE + RULER], theme.surface, 1)
  surface.text(title, 10, TITLE / 2 + 1, { colour: theme.ink, size: 12, family: 'sans', weight: 600 })
  surface.at(HEADS, TITLE, () =>
    surface.clip(0, 0, view.width, RULER, () => {
      drawRuler(surface, view, RULER, theme, overlay.window, cursorFlags(view, overlay))
      drawCursorFlags(surface, view, overlay, RULER, theme)
    }),
  )
  surface.at(HEADS, TITLE + RULER, () =>
    surface.clip(0, 0, view.width, bottom, () => {
      drawTimeline(surface, snapshot, theme)
      drawOverlay(surface, overlay, theme)
    }),
  )
  surface.at(0, TITLE + RULER, () => {
    surface.rects([HEADS - 1, 0, 1, bottom], theme.rule, 1)
    for (const row of rows) {
      surface.rects([0, row.y + row.height - 1, HEADS, 1], theme.rule, 1)
      const isGroup = row.kind === 'group'
      const look = {
        colour: isGroup ? theme.ink : theme.ink2,
        size: 12,
        family: 'sans',
        ...(isGroup ? { weight: 600 } : {}),
      } as const
      if (isGroup) surface.rects([0, row.y, HEADS, row.height - 1], theme.ground, 1)
      // Nothing is drawn on a group's row: its name may be longer than the column of names.
      const room = (isGroup ? HEADS + view.width : HEADS) - 26
      const text = shorten(surface, isGroup ? row.group : displayName(trackTitle(row.track)), room, look)
      surface.text(text, isGroup ? 10 : 20, row.y + (isGroup ? row.height / 2 : 12), look)
    }
  })
}
