/**
 * Which range contains what, by one sweep over start-sorted rows.
 *
 *   A |-----------------|            the tightest range around x is B, around y is A;
 *   B    |-----|                     both ends count as inside: a call that equals its range belongs to it.
 *   x     ..
 *   y               ..
 *
 * Ranges of one thread may cross (start/end ranges, several domains), so the open ones are a list, not a strict stack.
 */
import { NONE } from '../trace/column.ts'

/** The open ranges of one thread during a sweep. */
class OpenRanges {
  readonly #rows: number[] = []
  /** Whether everything below this entry contains it: then the first hit from the top is the tightest. */
  readonly #isNested: boolean[] = []
  readonly #start: Float64Array
  readonly #duration: Float64Array
  #pruneAt = 64

  constructor(start: Float64Array, duration: Float64Array) {
    this.#start = start
    this.#duration = duration
  }

  #end(row: number): number {
    return this.#start[row]! + this.#duration[row]!
  }

  /** The shortest open range that contains [start, end]; NONE without one. */
  tightest(start: number, end: number): number {
    const rows = this.#rows
    while (rows.length > 0 && this.#end(rows[rows.length - 1]!) < start) {
      rows.pop()
      this.#isNested.pop()
    }
    let best = NONE
    for (let k = rows.length - 1; k >= 0; k--) {
      const row = rows[k]!
      if (this.#end(row) < end) continue
      if (best === NONE || this.#duration[row]! < this.#duration[best]!) best = row
      if (this.#isNested[k]) break
    }
    return best
  }

  /** Adds a range; starts must come in ascending order. */
  open(row: number): void {
    const rows = this.#rows
    if (rows.length > this.#pruneAt) this.#prune(this.#start[row]!)
    const top = rows.length - 1
    const isNested = top < 0 || (this.#isNested[top]! && this.#end(rows[top]!) >= this.#end(row))
    rows.push(row)
    this.#isNested.push(isNested)
  }

  #prune(now: number): void {
    const alive = this.#rows.filter((row) => this.#end(row) >= now)
    this.#rows.length = 0
    this.#isNested.length = 0
    this.#pruneAt = Infinity
    for (const row of alive) this.open(row)
    this.#pruneAt = Math.max(64, 2 * alive.length)
  }
}

interface Spans {
  start: Float64Array
  duration: Float64Array
  thread: Uint32Array
}

/**
 * Parent (the tightest containing range of the same thread) and depth of each range.
 * Rows must be sorted by (start ascending, duration descending): of two equal ranges the first is the parent.
 */
export function nestRanges(ranges: Spans): { parent: Uint32Array; depth: Uint16Array } {
  const n = ranges.start.length
  const parent = new Uint32Array(n)
  const depth = new Uint16Array(n)
  const open = new Map<number, OpenRanges>()
  for (let row = 0; row < n; row++) {
    const thread = openRangesOf(open, ranges, ranges.thread[row]!)
    const start = ranges.start[row]!
    const found = thread.tightest(start, start + ranges.duration[row]!)
    parent[row] = found
    depth[row] = found === NONE ? 0 : depth[found]! + 1
    thread.open(row)
  }
  return { parent, depth }
}

/** For each span the tightest range of its thread that contains it. Both must be sorted by start. */
export function containingRanges(spans: Spans, ranges: Spans): Uint32Array {
  const n = spans.start.length
  const result = new Uint32Array(n)
  const open = new Map<number, OpenRanges>()
  let next = 0
  // Neighbouring spans are mostly of one thread.
  let lastThread = -1
  let last: OpenRanges | undefined
  for (let i = 0; i < n; i++) {
    const start = spans.start[i]!
    while (next < ranges.start.length && ranges.start[next]! <= start) {
      openRangesOf(open, ranges, ranges.thread[next]!).open(next)
      next++
    }
    if (spans.thread[i] !== lastThread || last === undefined) {
      lastThread = spans.thread[i]!
      last = open.get(lastThread)
    }
    result[i] = last === undefined ? NONE : last.tightest(start, start + spans.duration[i]!)
  }
  return result
}

function openRangesOf(open: Map<number, OpenRanges>, ranges: Spans, thread: number): OpenRanges {
  let known = open.get(thread)
  if (known === undefined) open.set(thread, (known = new OpenRanges(ranges.start, ranges.duration)))
  return known
}
