/** Every row that a run's arrangement shows, laid out for the view, also those scrolled out of sight: what its table tells of. */
import { edgesOf } from '../../../draw/timeline/lane.ts'
import { rowsOf } from '../../../draw/timeline/rows.ts'
import type { TrackRow } from '../../../draw/timeline/rows.ts'
import { layOutTrack } from '../../../draw/timeline/scene.ts'
import { nsPerPx } from '../../../draw/timeline/viewport.ts'
import type { Viewport } from '../../../draw/timeline/viewport.ts'
import { UNION_LANE } from '../../../trace/timeline.ts'
import type { RunTimeline } from './run-timeline.svelte.ts'
import type { VisibleRow } from './visible-table.ts'

/** The name under which its tiles are asked for. */
const DRAWING = 'table'

/** Asks for the tiles that are missing; what they hold is there once they have come. */
export function visibleRows(run: RunTimeline, now: Viewport): VisibleRow[] {
  const { rows } = rowsOf([...run.arranged.pinned, ...run.arranged.groups])
  const edges = edgesOf(now, run.axis, 1)
  run.tiles.begin(DRAWING)
  const visible = rows.flatMap((row) => {
    if (row.kind === 'group') return []
    const { pieces, wanted } = run.cover(row.track, nsPerPx(now), edges[0], edges[edges.length - 1])
    const layout = layOutTrack(withAllLanes(row), pieces, now, run.axis, edges)
    return { layout, isKnown: pieces.length > 0 || wanted.length === 0 }
  })
  run.tiles.end()
  return visible
}

/** No tile is wanted for it any more. */
export function forgetRows(run: RunTimeline): void {
  run.tiles.begin(DRAWING)
  run.tiles.end()
}

/** Each lane, and their union where there are several, whether or not the track is shown on one line. */
function withAllLanes(row: TrackRow): TrackRow {
  const { lanes } = row.track
  const numbers = [...Array.from({ length: lanes }, (_, i) => i), ...(lanes > 1 ? [UNION_LANE] : [])]
  const { y, height } = row
  return {
    ...row,
    lanes: numbers.map((lane) => ({ lane, depth: lane === UNION_LANE ? 0 : lane, y, height })),
  }
}
