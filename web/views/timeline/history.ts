/**
 * Undo of view changes. A drag or a turn of the wheel is one change, not hundreds: those while a pointer is held down belong
 * together, and those within REST_MS.
 */
import type { Viewport } from '../../../draw/timeline/viewport.ts'

const REST_MS = 400
const KEPT = 100

export class ViewHistory {
  readonly #past: Viewport[] = []
  readonly #future: Viewport[] = []
  #lastMs = -Infinity
  /** Whether a pointer is down. */
  #isHeld = false

  /** A pointer goes down: what changes until it is released is one step. */
  hold(): void {
    this.#isHeld = true
    this.#lastMs = -Infinity
  }

  release(): void {
    this.#isHeld = false
  }

  /** Says that `before` is about to be left, at time `nowMs`. */
  leave(before: Viewport, nowMs: number): void {
    const isFirst = this.#lastMs === -Infinity
    if (isFirst || (!this.#isHeld && nowMs - this.#lastMs > REST_MS)) {
      this.#past.push(before)
      if (this.#past.length > KEPT) this.#past.shift()
      this.#future.length = 0
    }
    this.#lastMs = nowMs
  }

  /** The view before, given the one now; undefined at the beginning. */
  undo(now: Viewport): Viewport | undefined {
    const before = this.#past.pop()
    if (before === undefined) return undefined
    this.#future.push(now)
    this.#lastMs = -Infinity
    return before
  }

  redo(now: Viewport): Viewport | undefined {
    const next = this.#future.pop()
    if (next === undefined) return undefined
    this.#past.push(now)
    this.#lastMs = -Infinity
    return next
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }
}
