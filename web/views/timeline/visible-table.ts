/** What is on screen, as rows: the drawing's twin for those who read it, or have it read to them. */
import type { TrackLayout } from '../../../draw/timeline/scene.ts'
import { NONE } from '../../../trace/column.ts'
import type { Track } from '../../../trace/timeline.ts'

/** One track in the view. */
export interface VisibleTrack {
  readonly track: Track
  /** Busy share of the view, 0 to 1; of its first lane where it has several. */
  readonly share: number
  /** Spans that start in the view, all lanes. */
  readonly count: number
  /** Class with the most pixels. */
  readonly cls: string
}

/** One span that is wide enough to be told apart. */
export interface VisibleSpan {
  readonly track: Track
  readonly row: number
  readonly label: number
  readonly cls: string
  /** ns on the run's axis; to the bucket where it was told by one. */
  readonly from: number
  readonly to: number
  readonly depth: number
}

/** Spans that are listed; the widest are taken first, then put in order of time. */
const SPANS = 250

export function visibleTracks(layouts: readonly TrackLayout[]): VisibleTrack[] {
  return layouts.flatMap(({ row, lanes }) => {
    if (lanes.length === 0) return []
    const pixelsOf = new Map<number, number>()
    let share = 0
    let count = 0
    for (const [i, { layout }] of lanes.entries())
      for (let pixel = 0; pixel < layout.pixels.length; pixel++) {
        if (layout.pixels.filled[pixel] === 0) continue
        count += layout.pixels.count[pixel]!
        const part = layout.pixels.share(pixel)
        if (i === 0) share += part / layout.pixels.length
        const cls = layout.pixels.cls[pixel]!
        pixelsOf.set(cls, (pixelsOf.get(cls) ?? 0) + part)
      }
    const most = [...pixelsOf].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
    return { track: row.track, share, count, cls: row.track.classes[most] ?? '' }
  })
}

export function visibleSpans(layouts: readonly TrackLayout[], width: number): VisibleSpan[] {
  return layouts
    .flatMap(({ row, lanes }) =>
      lanes.flatMap(({ row: lane, layout }) =>
        layout.boxes
          .filter(({ x0, x1, row: at }) => at !== NONE && x1 > 0 && x0 < width)
          .map(({ from, to, row: at, label, cls }) => ({
            track: row.track,
            row: at,
            label,
            cls: row.track.classes[cls] ?? '',
            from,
            to,
            depth: lane.depth,
          })),
      ),
    )
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, SPANS)
    .sort((a, b) => a.from - b.from || a.depth - b.depth)
}
