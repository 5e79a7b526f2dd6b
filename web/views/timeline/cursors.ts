/** Cursors A and B and the selected window: what times they take, by pointer or by key, and what is said of them. */
import { formatNs } from '../../../trace/number-format.ts'
import type { Axis } from '../../../draw/timeline/axis.ts'
import type { TrackLayout } from '../../../draw/timeline/scene.ts'
import { edgeNear } from '../../../draw/timeline/snap.ts'
import { nsAt } from '../../../draw/timeline/viewport.ts'
import type { Drag, Place } from './gestures.ts'
import type { TimelineView } from './timeline-view.svelte.ts'

type Cursor = 'a' | 'b'
/** A run's drawing that has edges to snap to. */
export interface Drawn {
  readonly axis: Axis
  readonly tracks: readonly TrackLayout[]
}

/** A cursor this near to an edge of the span under the pointer is meant for the edge. */
const SPAN_REACH_PX = 12
/** The same for any edge: what is pointed at is not one span, so that others may be as near. */
const EDGE_REACH_PX = 6

/** The time at x on the view's axis: that of an edge of a drawn span (at height y, where one is given) within reach of it. */
export function timeAt(view: TimelineView, x: number, runs: readonly Drawn[], y?: number): number {
  const near = runs
    .flatMap(({ axis, tracks }) => {
      const edge = edgeNear(tracks, x, EDGE_REACH_PX, y)
      return edge === undefined ? [] : [{ px: Math.abs(edge.x - x), ns: axis.toView(edge.ns) }]
    })
    .sort((a, b) => a.px - b.px)[0]
  return near?.ns ?? nsAt(view.now, x)
}

/** Start and end of the selected gap or span on the view's axis. */
export function selectedStretch(
  { gap, relations }: TimelineView,
  { axis }: { axis: Axis },
): readonly [number, number] | undefined {
  if (gap) return [axis.toView(gap.gap.startNs), axis.toView(gap.gap.endNs)]
  if (relations === undefined) return undefined
  const { startNs, durNs } = relations.span
  return [axis.toView(startNs), axis.toView(startNs + durNs)]
}

/** A window by a drag over spans of `runs`; `at` gives a place's height on the rows' own axis, where lanes are pointed at. */
export function dragWindow(
  view: TimelineView,
  from: Place,
  to: Place,
  { done, alt }: Drag,
  runs: readonly Drawn[],
  at: (place: Place) => number | undefined = () => undefined,
): void {
  const [left, right] = from.x <= to.x ? [from, to] : [to, from]
  const ends = [left, right].map((place) => timeAt(view, place.x, alt ? [] : runs, at(place)))
  // Both at one edge is no window: then each is where the pointer is.
  const [start, end] = ends[1]! > ends[0]! ? ends : [left, right].map(({ x }) => nsAt(view.now, x))
  view.selectWindow(start!, end!, done)
}

export function setCursor(view: TimelineView, name: Cursor, ns: number): void {
  view[name] = Math.round(ns)
  const { a, b } = view
  const apart = a === undefined || b === undefined ? '' : `, ${formatNs(Math.abs(b - a))} from A to B`
  view.said = `cursor ${name.toUpperCase()} at ${formatNs(Math.round(ns))}${apart}`
}

/**
 * A cursor by key: at the pointer, or the near edge of the span under it; without a pointer at the selected span's or
 * gap's start (A) or end (B); with nothing selected in the middle of the view.
 */
export function placeCursor(view: TimelineView, name: Cursor, run: { axis: Axis }): void {
  const { hover, pointerNs, now } = view
  if (pointerNs === undefined) {
    const ends = selectedStretch(view, run)
    setCursor(view, name, ends?.[name === 'a' ? 0 : 1] ?? (now.from + now.to) / 2)
    return
  }
  const edges = (hover?.isExact ? [hover.from, hover.to] : []).flatMap((ns) =>
    ns === undefined ? [] : [run.axis.toView(ns)],
  )
  const near = edges.sort((x, y) => Math.abs(x - pointerNs) - Math.abs(y - pointerNs))[0]
  const reach = (SPAN_REACH_PX * (now.to - now.from)) / now.width
  setCursor(view, name, near !== undefined && Math.abs(near - pointerNs) <= reach ? near : pointerNs)
}

/** A window by key: from A to B, else what is selected. */
export function placeWindow(view: TimelineView, run: { axis: Axis }): void {
  const { a, b } = view
  const ends =
    a === undefined || b === undefined ? selectedStretch(view, run) : [Math.min(a, b), Math.max(a, b)]
  if (ends === undefined || !(ends[1]! > ends[0]!)) {
    view.refuse('no window: set the cursors A and B with [ and ], or select a span')
    return
  }
  view.selectWindow(ends[0]!, ends[1]!, true)
  view.said = `window of ${formatNs(Math.round(ends[1]! - ends[0]!))} from ${formatNs(Math.round(ends[0]!))}`
}
