/**
 * The file's times on one axis of integer nanoseconds, and what is known of their precision.
 *
 * While reading, times are relative to a provisional zero (a whole microsecond near the first event); at the end the
 * earliest one becomes the axis' zero. So epoch-sized times stay exact: no sum ever exceeds 2^53.
 */
import type { EventScanner } from '../json/event.ts'

/** 2001-09-09 in microseconds since 1970: times past this are dates, no tool counts that long from its own start. */
const EPOCH_SIZED = 1e15

/** An event whose time does not fit the axis of those before: the file is read again from one of these zeros. */
export class Rebase extends Error {
  /** Whole microseconds: the later one, then the earlier. */
  readonly zeros: readonly [number, number]

  constructor(us: number, other: number) {
    super('the first times of the file do not fit the later ones')
    this.zeros = [Math.max(us, other), Math.min(us, other)]
  }
}

export class Clock {
  /** Nanoseconds from the provisional zero; Infinity while there was no event. */
  first = Infinity
  last = -Infinity
  /** Events whose time fitted, and that of those that did not. */
  near = 0
  far = 0
  #zero: number
  readonly #isFinal: boolean
  #hasFractions = false

  /** `zero`: microseconds; given on the second reading, where what does not fit is left out. */
  constructor(zero?: number) {
    this.#zero = zero ?? NaN
    this.#isFinal = zero !== undefined
  }

  /** Start of the last event in nanoseconds from the provisional zero; NaN: it has none; Infinity: it does not fit. Throws Rebase. */
  startOf(event: EventScanner): number {
    if (Number.isNaN(event.us)) return NaN
    if (Number.isNaN(this.#zero)) this.#zero = event.us
    if (event.rest !== 0) this.#hasFractions = true
    const start = (event.us - this.#zero) * 1000 + event.rest
    if (Math.abs(start) < 2 ** 52) {
      this.near++
      return start
    }
    if (!this.#isFinal) throw new Rebase(event.us, this.#zero)
    this.far++
    return Infinity
  }

  /** Says that something lasted from `start` to `end`. */
  cover(start: number, end: number): void {
    if (start < this.first) this.first = start
    if (end > this.last) this.last = end
  }

  /** The axis' zero on the file's own axis, in nanoseconds. */
  origin(): bigint {
    if (this.first === Infinity) return 0n
    return BigInt(this.#zero) * 1000n + BigInt(this.first)
  }

  /** Whether the file's times are dates. */
  isEpochSized(): boolean {
    return this.first !== Infinity && this.#zero >= EPOCH_SIZED
  }

  /** What limits the times of this file, in words; undefined where they are good to the nanosecond. */
  limits(hasBaseTime: boolean): string | undefined {
    if (this.first === Infinity) return undefined
    if (!this.#hasFractions) return 'times are whole microseconds: shorter gaps and durations cannot be told'
    if (this.isEpochSized() && !hasBaseTime)
      return 'times are microseconds since 1970 without baseTimeNanoseconds: most writers keep only 0.25 µs of them'
    return undefined
  }
}
