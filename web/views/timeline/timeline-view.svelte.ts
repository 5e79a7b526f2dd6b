/**
 * What is on screen: the stretch of time, what the pointer is on, what is selected. One for all runs that are stacked.
 * Times are on the view's axis unless a name says "run".
 */
import { formatNs } from '../../../trace/number-format.ts'
import { between, fit, nsAt, panBy, zoomAt } from '../../../draw/timeline/viewport.ts'
import type { Limits, Viewport } from '../../../draw/timeline/viewport.ts'
import type { Gap, SpanRelations } from '../../../trace/timeline.ts'
import { ViewHistory } from './history.ts'
import type { Links } from './links.ts'

/** A span of a run. */
export interface SpanOf {
  readonly run: number
  readonly table: string
  readonly row: number
  /** Where it was picked; its own track otherwise. On an idle track it is the gap that is selected, not the op after it. */
  readonly track?: string
  /** ns on the run's axis at which it was picked. */
  readonly atNs?: number | undefined
}

/** What the pointer is on. */
export interface Hover {
  readonly run: number
  readonly track: string
  readonly table: string
  readonly row: number
  readonly label: number
  readonly cls: string
  /** ns on the run's axis, where a box of its own is drawn. */
  readonly from: number | undefined
  readonly to: number | undefined
  /** These are the span's very edges, not those of buckets. */
  readonly isExact: boolean
  readonly count: number
  readonly share: number
  /** Of a counter's track: its values in the pixel, and at its end. */
  readonly sample?: { readonly low: number; readonly high: number; readonly last: number }
  /** Of the window, px. */
  readonly x: number
  readonly y: number
}

/** A jump takes this long, so that the eye can follow; none where motion is unwelcome. */
const JUMP_MS = 180

/** Time to read a line. */
const REFUSAL_MS = 5000

export class TimelineView {
  limits: Limits = $state.raw({ from: 0, to: 1, closest: 20 })
  now: Viewport = $state.raw({ from: 0, to: 1, width: 1 })
  hover = $state.raw<Hover>()
  /** Where the pointer stands over the tracks or the ruler, px from their left; undefined elsewhere. */
  pointerX = $state<number>()
  selected = $state.raw<SpanOf>()
  /** Of what is selected; undefined until it has come. */
  relations = $state.raw<SpanRelations>()
  /** The gap in question. */
  gap = $state.raw<{ readonly run: number; readonly gap: Gap }>()
  window = $state.raw<readonly [number, number]>()
  /** False while the window is still being drawn with the pointer. */
  windowDone = $state(true)
  a = $state<number>()
  b = $state<number>()
  /** Two stacked runs: what is matched with what. */
  links = $state.raw<Links>()
  /** Device ops are coloured by the difference of their match. */
  byDelta = $state(false)
  /** What a screen reader is told. */
  said = $state('')
  /** Why a key or a choice did nothing; shown for a moment. */
  refused = $state<string>()
  #refusal: ReturnType<typeof setTimeout> | undefined
  /** Whether there is a view to go back to. */
  canUndo = $state(false)
  readonly #history = new ViewHistory()
  #jump = 0

  /** Time under the pointer. */
  get pointerNs(): number | undefined {
    return this.pointerX === undefined ? undefined : nsAt(this.now, this.pointerX)
  }

  /** How much time is on screen. */
  get spanText(): string {
    return formatNs(Math.round(this.now.to - this.now.from))
  }

  get calm(): boolean {
    return matchMedia('(prefers-reduced-motion: reduce)').matches
  }

  resize(width: number): void {
    if (width > 0 && width !== this.now.width) this.now = { ...this.now, width }
  }

  zoom(x: number, factor: number): void {
    this.#set(zoomAt(this.now, x, factor, this.limits))
  }

  pan(px: number): void {
    this.#set(panBy(this.now, px, this.limits))
  }

  /** Shows [from, to) with a margin, in a short movement. */
  show(from: number, to: number, margin?: number): void {
    this.#leave()
    this.#moveTo(fit(this.now, from, to, this.limits, margin))
  }

  /** Brings a time into view, and zooms in where the span would be too small to see. */
  reveal(from: number, to: number): void {
    const { now } = this
    const span = now.to - now.from
    const px = ((to - from) / span) * now.width
    if (from >= now.from && to <= now.to && px >= 4) return
    if (px >= 4 && to - from < span) this.show((from + to) / 2 - span / 2, (from + to) / 2 + span / 2, 0)
    else this.show(from, to, to - from > span ? 0.1 : 4)
  }

  showAll(): void {
    this.show(this.limits.from, this.limits.to, 0.01)
  }

  /** Sets the view at once, without a step to come back to: from the address, the brush, a test. */
  place(from: number, to: number): void {
    cancelAnimationFrame(this.#jump)
    this.now = fit(this.now, from, to, this.limits, 0)
  }

  /** The same with a step to come back to. */
  brush(from: number, to: number): void {
    this.#set(fit(this.now, from, to, this.limits, 0))
  }

  undo(): void {
    const before = this.#history.undo(this.now)
    if (before) this.#moveTo({ ...before, width: this.now.width })
    this.canUndo = this.#history.canUndo
  }

  redo(): void {
    const next = this.#history.redo(this.now)
    if (next) this.#moveTo({ ...next, width: this.now.width })
    this.canUndo = this.#history.canUndo
  }

  /** A pointer is down: all that it changes until it is released is one step back. */
  hold(isDown: boolean): void {
    if (isDown) this.#history.hold()
    else this.#history.release()
  }

  /** Says why nothing happens, to eyes and ears. */
  refuse(why: unknown): void {
    this.said = why instanceof Error ? why.message : String(why)
    this.refused = this.said
    clearTimeout(this.#refusal)
    this.#refusal = setTimeout(() => (this.refused = undefined), REFUSAL_MS)
  }

  select(span: SpanOf | undefined): void {
    this.selected = span
    this.relations = undefined
    this.gap = undefined
  }

  /** Selects a stretch of time; `done` when it will not change any more. */
  selectWindow(from: number, to: number, done: boolean): void {
    this.window = to > from ? [Math.round(from), Math.round(to)] : undefined
    this.windowDone = done
  }

  #leave(): void {
    this.#history.leave(this.now, performance.now())
    this.canUndo = true
  }

  #set(view: Viewport): void {
    cancelAnimationFrame(this.#jump)
    this.#leave()
    this.now = view
  }

  #moveTo(to: Viewport): void {
    cancelAnimationFrame(this.#jump)
    if (this.calm) {
      this.now = to
      return
    }
    const from = this.now
    const start = performance.now()
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, (now - start) / JUMP_MS))
      // Ease out: fast at first, so that the answer to a key is felt at once.
      this.now =
        t === 1
          ? { ...to, width: this.now.width }
          : { ...between(from, to, 1 - (1 - t) ** 3), width: this.now.width }
      if (t < 1) this.#jump = requestAnimationFrame(step)
    }
    this.#jump = requestAnimationFrame(step)
  }
}
