/** What is on screen, as rows: the drawing's twin for those who read it, or have it read to them. */
import type { TrackLayout } from '../../../draw/timeline/scene.ts'
import { NONE } from '../../../trace/column.ts'
import { UNION_LANE } from '../../../trace/timeline.ts'
import type { Track } from '../../../trace/timeline.ts'

/** A track laid out with all its lanes and their union; `isKnown` is false while nothing of it has come. */
export interface VisibleRow {
  readonly layout: TrackLayout
  readonly isKnown: boolean
}

/** One track in the view. */
export interface VisibleTrack {
  readonly track: Track
  /** Part of the view in which anything of it runs, 0 to 1: of its lanes together, not their sum. NaN while not known. */
  readonly share: number
  /** Spans that start in the view, all lanes. NaN while not known. */
  readonly count: number
  /** Class with the most time, all lanes; '' without any. */
  readonly cls: string
  /** Of a counter: lowest, highest and last value in the view; undefined before its first sample. */
  readonly values: { readonly low: number; readonly high: number; readonly last: number } | undefined
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

export function visibleTracks(rows: readonly VisibleRow[]): VisibleTrack[] {
  return rows.map(({ layout: { row, lanes, samples }, isKnown }) => {
    const { track } = row
    if (!isKnown) return { track, share: NaN, count: NaN, cls: '', values: undefined }
    const timeOf = new Map<number, number>()
    let share = 0
    let count = 0
    for (const { row: lane, layout } of lanes) {
      const { pixels } = layout
      // The union tells the share; where there is but one lane, that is its own union.
      const isUnion = track.lanes === 1 || lane.lane === UNION_LANE
      for (let pixel = 0; pixel < pixels.length; pixel++) {
        if (pixels.filled[pixel] === 0) continue
        const part = pixels.share(pixel)
        if (isUnion) share += part / pixels.length
        if (lane.lane === UNION_LANE) continue
        count += pixels.count[pixel]!
        timeOf.set(pixels.cls[pixel]!, (timeOf.get(pixels.cls[pixel]!) ?? 0) + part)
      }
    }
    const most = [...timeOf].sort((a, b) => b[1] - a[1])[0]?.[0]
    return {
      track,
      share,
      count,
      cls: most === undefined ? '' : (track.classes[most] ?? ''),
      values: samples && valuesOf(samples),
    }
  })
}

function valuesOf({ low, high, last }: NonNullable<TrackLayout['samples']>): VisibleTrack['values'] {
  const known = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value))
  const end = known(last).at(-1)
  if (end === undefined) return undefined
  const least = known(low).reduce((a, b) => Math.min(a, b))
  return { low: least, high: known(high).reduce((a, b) => Math.max(a, b)), last: end }
}

export function visibleSpans(layouts: readonly TrackLayout[], width: number): VisibleSpan[] {
  return layouts
    .flatMap(({ row, lanes }) =>
      lanes.flatMap(({ row: lane, layout }) =>
        // The union's pieces are no spans of their own, unless it is all that is drawn.
        (lane.lane === UNION_LANE && lanes.length > 1 ? [] : layout.boxes)
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
