/** What a view adds over a run's tracks, as the overlay draws it: on screen and in a saved picture alike. */
import type { Overlay } from '../../../draw/timeline/overlay.ts'
import { flowsOf, markedOf } from './flows.ts'
import type { RunTimeline } from './run-timeline.svelte.ts'
import type { TimelineView } from './timeline-view.svelte.ts'

export function overlayOf(
  run: RunTimeline,
  view: TimelineView,
  drawn: Pick<Overlay, 'view' | 'tracks' | 'rows' | 'elsewhere' | 'top' | 'bottom'>,
): Overlay {
  const { hover, relations, selected } = view
  const mine = selected?.run === run.id ? relations : undefined
  return {
    ...drawn,
    axis: run.axis,
    window: view.window,
    a: view.a,
    b: view.b,
    hovered: hover?.run === run.id ? hover : undefined,
    selected: mine && markedOf(mine.span),
    gap: view.gap?.run === run.id ? { ...view.gap.gap, track: `idle-${view.gap.gap.device}` } : undefined,
    flows: mine === undefined ? [] : flowsOf(mine),
    trackOf: (id) => run.trackOf(id),
    notes: run.notes,
    linked: view.links?.partnersIn(run.id, hover ?? selected) ?? [],
    unmatched: view.links?.unmatched(run.id),
  }
}
