/** Going through the idle gaps of a device, one after the other. */
import type { Window } from './busy.ts'
import type { FoundGap } from './gap-row.ts'
import { FIRST_IDLE } from './ownership.ts'
import type { Ownership } from './ownership.ts'

/**
 * Runs of idle segments, cut at windows, that are at least so long, in time order:
 * `for (const gap = new Gaps(ownership, windows, least); gap.next();)`.
 */
export class Gaps implements FoundGap {
  from = 0
  to = 0
  first = 0
  last = -1
  readonly #ownership: Ownership
  readonly #windows: readonly Window[]
  readonly #least: number
  /** The whole run. */
  #begin = 0
  #end = -Infinity
  /** The first window that ends after the run's begin, and the next one to cut it at. */
  #earliest = 0
  #window = 0

  constructor(ownership: Ownership, windows: readonly Window[], least: number) {
    this.#ownership = ownership
    this.#windows = windows
    this.#least = Math.max(least, 1)
  }

  next(): boolean {
    for (;;) {
      const window = this.#windows[this.#window]
      if (window === undefined || window[0] >= this.#end) {
        if (!this.#nextRun()) return false
        continue
      }
      this.#window++
      this.from = this.#begin > window[0] ? this.#begin : window[0]
      this.to = this.#end < window[1] ? this.#end : window[1]
      if (this.to - this.from >= this.#least) return true
    }
  }

  #nextRun(): boolean {
    const { start, owner, end } = this.#ownership
    let i = this.last + 1
    while (i < owner.length && owner[i]! < FIRST_IDLE) i++
    if (i === owner.length) return false
    this.first = i
    while (i < owner.length && owner[i]! >= FIRST_IDLE) i++
    this.last = i - 1
    this.#begin = start[this.first]!
    this.#end = i < start.length ? start[i]! : end
    while (this.#earliest < this.#windows.length && this.#windows[this.#earliest]![1] <= this.#begin)
      this.#earliest++
    this.#window = this.#earliest
    return true
  }
}
