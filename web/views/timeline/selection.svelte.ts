/** What is selected on the timeline: loading what is known of it, and going from it to what it hangs together with. */
import { formatNs } from '../../../draw/format.ts'
import type { SpanDetail } from '../../../trace/api.ts'
import type { SpanPlace } from '../../../trace/timeline.ts'
import type { RunTimeline } from './run-timeline.svelte.ts'
import type { TimelineView } from './timeline-view.svelte.ts'
import { visibleSpans } from './visible-table.ts'
import { stepFrom } from './walk.ts'
import type { Direction } from './walk.ts'

export class Selection {
  /** Of the selected span, once it has come. */
  detail = $state.raw<SpanDetail>()
  readonly #view: TimelineView
  readonly #runs: readonly RunTimeline[]
  readonly #reveal: (run: number, track: string) => void

  /** `reveal` scrolls to a track of a run. */
  constructor(
    view: TimelineView,
    runs: readonly RunTimeline[],
    reveal: (run: number, track: string) => void,
  ) {
    this.#view = view
    this.#runs = runs
    this.#reveal = reveal
  }

  /** The run that the selection is of; the first where nothing is selected. */
  get run(): RunTimeline {
    return this.#runs.find(({ id }) => id === this.#view.selected?.run) ?? this.#runs[0]
  }

  /** Loads what is known of what is selected. Returns what forgets the answer: to be called when something else is. */
  load(found: (kind: 'span' | 'gap') => void): () => void {
    const { selected } = this.#view
    this.detail = undefined
    if (selected === undefined) return () => undefined
    const { run } = this
    let isGone = false
    const failed = (error: unknown): void => {
      if (!isGone) this.#view.said = error instanceof Error ? error.message : String(error)
    }
    const track = run.trackOf(selected.track ?? '')
    if (track?.kind === 'idle' && selected.at !== undefined) {
      const device = Number(track.id.split('-')[1])
      run.api.gap(device, selected.row, Math.floor(run.axis.toRun(selected.at))).then((gap) => {
        if (isGone) return
        this.#view.gap = { run: run.id, gap }
        const causes = gap.parts.map(({ owner }) => owner.replace('idle/', '')).join(', then ')
        this.#view.said = `gap of ${formatNs(gap.endNs - gap.startNs)}, ${causes}`
        found('gap')
      }, failed)
    } else
      Promise.all([
        run.api.span(selected.table, selected.row),
        run.api.relations(selected.table, selected.row),
      ]).then(([detail, relations]) => {
        if (isGone) return
        this.detail = detail
        this.#view.relations = relations
        const { span } = relations
        const on = run.trackOf(span.track)?.title ?? span.track
        this.#view.said = `${span.name || 'unnamed'}, ${formatNs(span.durNs)}, at ${formatNs(span.startNs)}, on ${on}`
        found('span')
      }, failed)
    return () => {
      isGone = true
    }
  }

  /** Selects a span and brings it into view. */
  readonly go = (place: SpanPlace, run = this.run): void => {
    this.#view.select({ run: run.id, table: place.table, row: place.row })
    this.#view.reveal(run.axis.toView(place.startNs), run.axis.toView(place.startNs + place.durNs))
    this.#reveal(run.id, place.track)
  }

  readonly goTo = async (table: string, row: number, run = this.run): Promise<void> => {
    try {
      this.go((await run.api.relations(table, row)).span, run)
    } catch (error) {
      this.#view.said = error instanceof Error ? error.message : String(error)
    }
  }

  /** One step of a walk; false where nothing is selected to walk from. */
  walk(direction: Direction): boolean {
    const { relations, selected } = this.#view
    const next = relations && stepFrom(relations, direction)
    const where =
      { in: 'inside', out: 'around it' }[direction as 'in' | 'out'] ?? `${direction} on this track`
    if (next) this.go(next)
    else if (relations) this.#view.said = `nothing ${where}`
    return selected !== undefined
  }

  sameName(direction: 'previous' | 'next'): void {
    const { relations } = this.#view
    const next = direction === 'next' ? relations?.nextSame : relations?.previousSame
    if (next) this.go(next)
    else if (relations) this.#view.said = `no ${direction} of this name`
  }

  /** From work to its launch and back; from a gap to what the thread did meanwhile. */
  cause(): void {
    const { gap, relations } = this.#view
    const to = gap ? (gap.gap.during ?? gap.gap.launch) : (relations?.cause ?? relations?.effects[0])
    if (to) this.go(to)
  }

  /** Selects the span nearest to the middle of the first track that has any wide enough. */
  enter(): void {
    const { run } = this
    const { now } = this.#view
    const spans = visibleSpans([...run.layouts.values()].flat(), now.width).filter(
      ({ track }) => track.kind !== 'idle',
    )
    const middle = run.axis.toRun((now.from + now.to) / 2)
    const nearest = spans
      .filter(({ track }) => track.id === spans[0].track.id)
      .sort((a, b) => Math.abs(a.from - middle) - Math.abs(b.from - middle))[0]
    if (nearest) void this.goTo(nearest.track.table, nearest.row)
  }

  /** Shows the gap, the span or the window whole. */
  readonly fit = (): void => {
    const { run } = this
    const { gap, relations, window } = this.#view
    const show = (from: number, to: number, margin: number): void =>
      this.#view.show(run.axis.toView(from), run.axis.toView(to), margin)
    if (gap) show(gap.gap.startNs, gap.gap.endNs, 0.5)
    else if (relations) show(relations.span.startNs, relations.span.startNs + relations.span.durNs, 0.1)
    else if (window) this.#view.show(...window)
  }
}
