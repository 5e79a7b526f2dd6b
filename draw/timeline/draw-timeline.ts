/** The tracks of one run on a surface. Pure: everything it draws comes in its arguments. */
import { lookOf } from './look.ts'
import type { TimelineTheme } from './look.ts'
import { Paint } from './paint.ts'
import { ticksOf } from './ruler.ts'
import type { Row, TrackRow } from './rows.ts'
import { sampleValue, scaleOf } from './sample-value.ts'
import type { SampleLayout } from './samples.ts'
import type { TrackLayout } from './scene.ts'
import type { Surface } from './surface.ts'
import { xOf } from './viewport.ts'
import type { Viewport } from './viewport.ts'

export interface Drawing {
  view: Viewport
  rows: readonly Row[]
  tracks: readonly TrackLayout[]
  /** Pixel columns in a CSS pixel. */
  density: number
  /** Text of a label; undefined while it is still on its way. */
  nameOf: (label: number) => string | undefined
  /** px, of the rows' own axis. */
  top: number
  bottom: number
}

export function drawTimeline(surface: Surface, drawing: Drawing, theme: TimelineTheme): void {
  const { view, rows, tracks, density, top, bottom } = drawing
  surface.rects([0, top, view.width, bottom - top], theme.surface, 1)
  const ticks = ticksOf(view)
  for (const tick of ticks.ticks) surface.rects([Math.round(tick.x), top, 1, bottom - top], theme.rule, 0.6)
  for (const row of rows) {
    if (row.y + row.height < top || row.y > bottom) continue
    if (row.kind === 'group') surface.rects([0, row.y, view.width, row.height], theme.ground, 1)
    surface.rects([0, row.y + row.height - 1, view.width, 1], theme.rule, row.kind === 'group' ? 1 : 0.7)
  }
  const paint = new Paint(density)
  for (const { row, lanes, samples, classes } of tracks) {
    for (const lane of lanes)
      paint.add(
        lane.layout,
        lane.row,
        classes.map((cls) => lookOf(cls, lane.row.depth, theme.theme)),
        view.width,
      )
    if (samples !== undefined) drawSamples(surface, row, samples, density, theme)
  }
  paint.flush(surface, theme, drawing.nameOf, view.width)
}

/** The area under the value, from zero or the lowest value below it, and the band of what was sampled in a pixel. */
function drawSamples(
  surface: Surface,
  row: TrackRow,
  layout: SampleLayout,
  density: number,
  theme: TimelineTheme,
): void {
  const [bottom, height] = [row.y + row.height - 4, row.height - 8]
  const { low, high } = scaleOf(row.track)
  const yOf = (value: number): number => bottom - ((value - low) / (high - low)) * height
  const { colour } = lookOf(row.track.classes[0] ?? 'counter', 0, theme.theme)
  const fills: number[] = []
  const bands: number[] = []
  const width = 1 / density
  for (let i = 0; i < layout.last.length; i++) {
    const value = layout.last[i]!
    if (Number.isNaN(value)) continue
    const [top, under] = [yOf(layout.high[i]!), yOf(layout.low[i]!)]
    fills.push(i * width, top, width, bottom - top)
    bands.push(i * width, top, width, Math.max(1, under - top))
  }
  surface.rects(fills, colour, 0.22)
  surface.rects(bands, colour, 1)
  // The value at the lane's top, on a quiet ground: the area may be under it.
  const most = sampleValue(high, row.track.unit)
  const look = { colour: theme.ink2, size: 10, family: 'mono' } as const
  surface.rects([3, row.y + 2, surface.measure(most, look) + 6, 13], theme.surface, 0.8)
  surface.text(most, 6, row.y + 9, look)
}

/** The ruler above the tracks: ticks with their times, but for those under a flag; what they count from, where they need it. */
export function drawRuler(
  surface: Surface,
  view: Viewport,
  height: number,
  theme: TimelineTheme,
  window?: readonly [number, number],
  flags: readonly { x: number; width: number }[] = [],
): void {
  surface.rects([0, 0, view.width, height], theme.ground, 1)
  if (window !== undefined) {
    const [x0, x1] = [xOf(view, window[0]), xOf(view, window[1])]
    surface.rects([x0, height - 20, x1 - x0, 20], theme.ruleStrong, 0.35)
  }
  const { ticks, base } = ticksOf(view)
  for (const tick of ticks) {
    surface.rects([Math.round(tick.x), height - 6, 1, 6], theme.ruleStrong, 1)
    const look = { colour: theme.ink2, size: 11, family: 'mono' } as const
    const [left, right] = [tick.x + 4, tick.x + 4 + surface.measure(tick.label, look)]
    if (right > view.width || flags.some(({ x, width }) => x < right && left < x + width)) continue
    surface.text(tick.label, Math.round(tick.x) + 4, height - 10, look)
  }
  if (base !== undefined) surface.text(base, 4, 8, { colour: theme.ink3, size: 10, family: 'mono' })
  surface.rects([0, height - 1, view.width, 1], theme.rule, 1)
}
