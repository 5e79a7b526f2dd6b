/**
 * Cutting a device's time at windows.
 */
import type { Trace } from '../trace/trace.ts'
import type { Window } from './busy.ts'
import { deviceWork, opsByDevice } from './device-work.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import type { Ownership } from './ownership.ts'

/**
 * The segments that share time with windows, one after the other, and how much:
 * `for (const piece = new OwnedPieces(ownership, windows); piece.next(); )`. Windows are disjoint and ascending. (A callback
 * instead would get its lengths as objects, millions of them.)
 */
export class OwnedPieces {
  segment = -1
  length = 0
  readonly #start: Float64Array
  readonly #end: number
  readonly #windows: readonly Window[]
  #window = -1
  #from = 0
  #to = 0

  constructor({ start, end }: Ownership, windows: readonly Window[]) {
    this.#start = start
    this.#end = end
    this.#windows = windows
    this.segment = start.length
  }

  /** Goes on to the next piece; false where there is none. */
  next(): boolean {
    const start = this.#start
    for (let i = this.segment + 1; ; i++) {
      if (i >= start.length || start[i]! >= this.#to) {
        if (!this.#nextWindow()) return false
        i = Math.max(0, lastAtOrBefore(start, this.#from))
        if (i >= start.length) return false
      }
      const begin = start[i]!
      const end = i + 1 < start.length ? start[i + 1]! : this.#end
      const length = (end < this.#to ? end : this.#to) - (begin > this.#from ? begin : this.#from)
      if (length <= 0) continue
      this.segment = i
      this.length = length
      return true
    }
  }

  #nextWindow(): boolean {
    const window = this.#windows[++this.#window]
    if (window === undefined) return false
    this.#from = window[0]
    this.#to = window[1]
    return true
  }
}

/** Σ of op durations clipped to the windows, by busy class. */
export function clippedDurations(trace: Trace, device: number, windows: readonly Window[]): Float64Array {
  const sums = new Float64Array(BUSY_CLASSES.length)
  const rows = opsByDevice(trace)[device] ?? new Uint32Array(0)
  const classes = classOfOps(trace)
  const { start } = trace.device_op
  const longest = deviceWork(trace).longestNs[device] ?? 0
  for (const [from, to] of windows) {
    // An op that starts before the window can reach in only from as far back as the longest op is long.
    const first = firstRowFrom(start, rows, from - longest)
    const last = firstRowFrom(start, rows, to)
    addClipped(sums, trace.device_op, classes, rows.subarray(first, last), from, to)
  }
  return sums
}

function addClipped(
  sums: Float64Array,
  { start, duration }: { start: Float64Array; duration: Float64Array },
  classes: Uint8Array,
  rows: Uint32Array,
  from: number,
  to: number,
): void {
  for (let k = 0; k < rows.length; k++) {
    const op = rows[k]!
    const begin = start[op]!
    const end = begin + duration[op]!
    const length = (end < to ? end : to) - (begin > from ? begin : from)
    if (length > 0) sums[classes[op]!]! += length
  }
}

/** Index of the last value ≤ x in an ascending array; −1 when all are greater. */
export function lastAtOrBefore(values: Float64Array, x: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! <= x) low = middle + 1
    else high = middle
  }
  return low - 1
}

function firstRowFrom(start: Float64Array, rows: Uint32Array, x: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[rows[middle]!]! >= x) high = middle
    else low = middle + 1
  }
  return low
}
