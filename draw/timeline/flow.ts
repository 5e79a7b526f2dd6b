/**
 * Arrows from a launch to the work that it caused. An end that is not on screen is drawn to where it would be found, and
 * the arrow says its name there:
 *
 *   ▔▔▔╲▔▔▔ ↑ stream 7      scrolled off, or in another list: the edge it lies behind
 *       ╲
 *        ╲  thread 1234      in a folded group: the group's own row
 */
import type { Track } from '../../trace/timeline.ts'
import type { Axis } from './axis.ts'
import { boxesOf } from './boxes.ts'
import type { TimelineTheme } from './look.ts'
import { shorten } from './paint.ts'
import type { Row } from './rows.ts'
import type { TrackLayout } from './scene.ts'
import type { Surface, TextLook } from './surface.ts'
import { trackTitle } from './track-title.ts'
import { xOf } from './viewport.ts'
import type { Viewport } from './viewport.ts'

/** An end of an arrow. */
export interface FlowEnd {
  row: number
  track: string
  /** Run time. */
  startNs: number
}

export interface FlowOverlay {
  view: Viewport
  axis: Axis
  tracks: readonly TrackLayout[]
  top: number
  bottom: number
  /** From launch to work. */
  flows: readonly { from: FlowEnd; to: FlowEnd }[]
  /** All rows of this drawing, also those out of sight. */
  rows: readonly Row[]
  trackOf: (id: string) => Track | undefined
  /** Where a track is drawn that has no row here; undefined where it is drawn nowhere. */
  elsewhere: (id: string) => 'above' | 'below' | undefined
}

interface Place {
  x: number
  y: number
  /** What is not on screen, the edge it lies behind, and whether it is a row of this drawing; undefined for what is on screen. */
  hidden?: { name: string; edge: 'top' | 'bottom' | undefined; isHere: boolean }
}

/** Names of ends are no wider, px. */
const NAME_PX = 260

export function drawFlows(surface: Surface, overlay: FlowOverlay, theme: TimelineTheme): void {
  const named = new Set<string>()
  for (const { from, to } of overlay.flows) {
    const [a, b] = [placeOf(overlay, from), placeOf(overlay, to)]
    if (a === undefined || b === undefined) continue
    const isAlong = a.hidden?.edge !== undefined && a.hidden.edge === b.hidden?.edge
    // Both in the other list: it is drawn there.
    if (isAlong && !a.hidden?.isHere && !b.hidden?.isHere) continue
    // Both behind one edge: along it, where it can be seen.
    if (isAlong) for (const end of [a, b]) end.y += end.hidden?.edge === 'top' ? 2 : -2
    surface.line(curve(a, b), theme.ink, 1.5)
    // The head points the way time and cause go.
    const up = b.y < a.y || b.hidden?.edge === 'top' ? 1 : -1
    surface.area([b.x, b.y, b.x - 4, b.y + 7 * up, b.x + 4, b.y + 7 * up], theme.ink, 1)
    for (const end of [a, b]) name(surface, overlay, end, named, theme)
  }
}

/** Where an end stands: the middle of its lane or track, or whatever stands for it. */
function placeOf(overlay: FlowOverlay, span: FlowEnd): Place | undefined {
  const { view, axis, tracks, top, bottom, rows, trackOf, elsewhere } = overlay
  const track = trackOf(span.track)
  if (track === undefined) return undefined
  const x = xOf(view, axis.toView(span.startNs))
  const behind = (edge: 'top' | 'bottom', isHere = true): Place => ({
    x,
    y: edge === 'top' ? top : bottom,
    hidden: { name: `${trackTitle(track)} · ${track.group}`, edge, isHere },
  })
  const within = (place: Place): Place =>
    place.y < top ? behind('top') : place.y > bottom ? behind('bottom') : place

  for (const { row, lane, box } of boxesOf(tracks))
    if (row.track.id === track.id && box.row === span.row)
      return within({ x: Math.max(x, 0), y: lane.y + lane.height / 2 })
  const own = rows.find((row) => row.kind === 'track' && row.track.id === track.id)
  if (own !== undefined) return within({ x, y: own.y + own.height / 2 })
  const other = elsewhere(track.id)
  if (other !== undefined) return behind(other === 'above' ? 'top' : 'bottom', false)
  const group = rows.find((row) => row.kind === 'group' && row.group === track.group && row.folded)
  if (group === undefined) return undefined
  const hidden = { name: trackTitle(track), edge: undefined, isHere: true }
  return within({ x, y: group.y + group.height / 2, hidden })
}

/** The name of a hidden end beside it, once for all arrows that end there. */
function name(
  surface: Surface,
  { view, top, bottom }: FlowOverlay,
  { x, y, hidden }: Place,
  named: Set<string>,
  theme: TimelineTheme,
): void {
  if (hidden === undefined || x < 0 || x > view.width || named.has(`${hidden.edge} ${hidden.name}`)) return
  // Names at one edge stand above each other: their ends may be near.
  const lift = 18 * [...named].filter((one) => one.startsWith(`${hidden.edge} `)).length
  named.add(`${hidden.edge} ${hidden.name}`)
  const look: TextLook = { colour: theme.ink, size: 11, family: 'sans', weight: 500 }
  const arrow = hidden.edge === 'top' ? '↑ ' : hidden.edge === 'bottom' ? '↓ ' : ''
  const text = shorten(surface, arrow + hidden.name, NAME_PX, look)
  const width = surface.measure(text, look) + 8
  const left = x + 8 + width > view.width ? x - 8 - width : x + 8
  const middle = Math.min(Math.max(y, top + 10 + lift), bottom - 10 - lift)
  surface.rects([left, middle - 8, width, 16], theme.ruleStrong, 1)
  surface.rects([left + 1, middle - 7, width - 2, 14], theme.surface, 1)
  surface.text(text, left + 4, middle + 0.5, look)
}

/** An S from a to b that leaves and arrives upright. */
function curve(a: Place, b: Place): number[] {
  const points: number[] = []
  for (let i = 0; i <= 24; i++) {
    const t = i / 24
    const ease = t * t * (3 - 2 * t)
    points.push(a.x + (b.x - a.x) * ease, a.y + (b.y - a.y) * t)
  }
  return points
}
