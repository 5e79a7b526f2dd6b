/** What is selected on the timeline: loading what is known of it, and going from it to what it hangs together with. */
import { formatNs } from '../../../trace/number-format.ts'
import type { SpanDetail } from '../../../trace/api.ts'
import { NONE } from '../../../trace/column.ts'
import type { SpanPlace } from '../../../trace/timeline.ts'
import type { Address } from './address.ts'
import type { RunTimeline } from './run-timeline.svelte.ts'
import type { TimelineView } from './timeline-view.svelte.ts'
import { visibleSpans } from './visible-table.ts'
import type { VisibleSpan } from './visible-table.ts'
import { stepFrom, stepFromGap } from './walk.ts'
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
      if (!isGone) this.#view.refuse(error)
    }
    const device = idleDevice(selected.track)
    if (device !== undefined && selected.atNs !== undefined) {
      run.api.gap(device, selected.row, selected.atNs).then((gap) => {
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

  /** What is selected, as the address says it: of a gap where it starts, once that is known. */
  get address(): Pick<Address, 'span' | 'gap'> {
    const { selected, gap } = this.#view
    if (selected === undefined) return {}
    const device = idleDevice(selected.track)
    if (device === undefined) return { span: { table: selected.table, row: selected.row } }
    const ns = gap?.gap.startNs ?? (selected.row === NONE ? selected.atNs : undefined)
    return ns === undefined ? {} : { gap: { device, ns } }
  }

  /** Selects what an address says; the view stays where it is. */
  restore({ span, gap }: Pick<Address, 'span' | 'gap'>, run = this.run): void {
    if (gap) this.goToGap(gap.device, NONE, gap.ns, run)
    else if (span) this.#view.select({ run: run.id, ...span })
  }

  /** Selects a gap of a device: the one that op `before` ended, or without one (NONE) the one that contains `atNs`. */
  goToGap(device: number, before: number, atNs: number, run = this.run): void {
    this.#view.select({ run: run.id, table: 'device_op', row: before, track: `idle-${device}`, atNs })
  }

  /** Selects what is on screen: a span, or on an idle track the gap. */
  readonly pick = ({ track, row, from }: VisibleSpan, run = this.run): void => {
    const device = idleDevice(track.id)
    if (device === undefined) void this.goTo(track.table, row, run)
    else this.goToGap(device, row, Math.floor(from), run)
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
      this.#view.refuse(error)
    }
  }

  /** To the span of a name in a stretch of the view's axis, else the one nearest to it. */
  readonly goToName = async (
    table: string,
    name: string,
    [from, to]: readonly [number, number],
    run = this.run,
  ): Promise<void> => {
    const [fromNs, toNs] = [Math.floor(run.axis.toRun(from)), Math.ceil(run.axis.toRun(to))]
    try {
      this.go(await run.api.nearest(table, name, fromNs, toNs), run)
    } catch (error) {
      this.#view.refuse(error)
    }
  }

  /** One step of a walk; false where nothing is selected to walk from. */
  walk(direction: Direction): boolean {
    const { gap, relations, selected } = this.#view
    const next = gap ? stepFromGap(gap.gap, direction) : relations && stepFrom(relations, direction)
    const where =
      { in: 'inside', out: 'around it' }[direction as 'in' | 'out'] ?? `${direction} on this track`
    if (next) this.go(next)
    else if (gap || relations) this.#view.refuse(`nothing ${where}`)
    return selected !== undefined
  }

  sameName(direction: 'previous' | 'next'): void {
    const { relations } = this.#view
    const next = direction === 'next' ? relations?.nextSame : relations?.previousSame
    if (next) this.go(next)
    else this.#view.refuse(relations ? `no ${direction} of this name` : this.#unready)
  }

  /** Why there is no span to go on from. */
  get #unready(): string {
    const { selected, gap } = this.#view
    if (selected === undefined) return 'select a span to go on from'
    return gap ? 'a gap has no name' : 'still reading what is selected'
  }

  /** From work to its launch and back; from a gap to what the thread did meanwhile. */
  cause(): void {
    const { gap, relations } = this.#view
    const to = gap ? (gap.gap.during ?? gap.gap.launch) : (relations?.cause ?? relations?.effects[0])
    if (to) this.go(to)
    else this.#view.refuse(gap || relations ? 'no cause is recorded' : this.#unready)
  }

  /** Selects the span, or the gap, nearest to the middle of the first track that has any wide enough. */
  enter(): void {
    const { run } = this
    const { now } = this.#view
    const spans = visibleSpans([...run.layouts.values()].flat(), now.width)
    const middle = run.axis.toRun((now.from + now.to) / 2)
    const nearest = spans
      .filter(({ track }) => track.id === spans[0].track.id)
      .sort((a, b) => Math.abs(a.from - middle) - Math.abs(b.from - middle))[0]
    if (nearest) this.pick(nearest, run)
    else this.#view.refuse('nothing on screen is wide enough to select: zoom in')
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

/** The device whose idle track that is; undefined for any other track. */
function idleDevice(track: string | undefined): number | undefined {
  const found = /^idle-(\d+)$/.exec(track ?? '')
  return found === null ? undefined : Number(found[1])
}
