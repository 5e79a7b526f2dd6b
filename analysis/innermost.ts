/**
 * Nested spans of one thread as disjoint segments: at each time the innermost (latest started) one.
 *
 *   spans     |--- cudaMalloc ---|
 *                 |-cuMemAlloc-|
 *   segments  |aa|bbbbbbbbbbbbbb|a|
 */

interface Spans {
  readonly start: Float64Array
  readonly duration: Float64Array
}

/** Segments in ascending order. Where no two spans share time they are the spans themselves, and nothing is copied. */
export class Segments {
  readonly length: number
  readonly #spans: Spans
  /** Row of each segment. */
  readonly #row: Uint32Array
  /** Whether `#spans` is the table, asked by row; else it has one span a segment. */
  readonly #isTable: boolean

  constructor(spans: Spans, row: Uint32Array, isTable: boolean) {
    this.length = row.length
    this.#spans = spans
    this.#row = row
    this.#isTable = isTable
  }

  startOf(i: number): number {
    return this.#spans.start[this.#isTable ? this.#row[i]! : i]!
  }

  endOf(i: number): number {
    const at = this.#isTable ? this.#row[i]! : i
    return this.#spans.start[at]! + this.#spans.duration[at]!
  }

  rowOf(i: number): number {
    return this.#row[i]!
  }

  /** The first segment that ends after `time`; found in no time if it is `near` or shortly after it. */
  firstEndingAfter(time: number, near = 0): number {
    let low = 0
    let high = this.length
    if (near > 0 && this.endOf(near - 1) <= time) {
      low = near
      const soon = Math.min(near + 8, high)
      while (low < soon) {
        if (this.endOf(low) > time) return low
        low++
      }
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.endOf(middle) > time) high = middle
      else low = middle + 1
    }
    return low
  }
}

export const NO_SEGMENTS = new Segments(
  { start: new Float64Array(0), duration: new Float64Array(0) },
  new Uint32Array(0),
  true,
)

/** The segments of some start-sorted, nested rows of a table. */
export const innermost = (table: Spans, rows: Uint32Array): Segments =>
  areDisjoint(table, rows) ? new Segments(table, rows, true) : cut(table, rows)

/** Whether each has a length and begins when the one before has ended. */
function areDisjoint({ start, duration }: Spans, rows: Uint32Array): boolean {
  let until = -Infinity
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    if (start[row]! < until || !(duration[row]! > 0)) return false
    until = start[row]! + duration[row]!
  }
  return true
}

function cut({ start: from, duration: length }: Spans, rows: Uint32Array): Segments {
  // A span adds at most two segments: before and after what it holds. Room that is not written costs nothing.
  const start = new Float64Array(2 * rows.length)
  const duration = new Float64Array(2 * rows.length)
  const row = new Uint32Array(2 * rows.length)
  const stack: number[] = []
  let n = 0
  let depth = 0
  let now = -Infinity
  for (let k = 0; k <= rows.length; k++) {
    const next = k < rows.length ? from[rows[k]!]! : Infinity
    while (depth > 0) {
      const top = stack[depth - 1]!
      const topEnd = from[top]! + length[top]!
      const until = topEnd < next ? topEnd : next
      if (until > now) {
        start[n] = now
        duration[n] = until - now
        row[n++] = top
        now = until
      }
      if (topEnd > next) break
      depth--
    }
    if (k === rows.length) break
    if (next > now) now = next
    stack[depth++] = rows[k]!
  }
  return new Segments({ start, duration }, row.subarray(0, n), false)
}
