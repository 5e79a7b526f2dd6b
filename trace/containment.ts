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
import { NONE } from './column.ts'

/**
 * The open ranges of one thread during a sweep: at the bottom those that lie in one another, above them those that cross one.
 *
 *   nested  a |--------------------------|      ends fall from entry to entry, so the last one that ends late enough
 *           b   |---------------------|         is found by halving, and is the tightest of them
 *   crossing c      |--------------------|      these are asked one by one, from the last, until nothing below reaches
 *            d        |-------------------|     far enough or began late enough to be tighter
 */
class OpenRanges {
  readonly #rows: number[] = []
  /** How many at the bottom are nested. */
  #nested = 0
  /** For each crossing entry the latest end, and the shortest duration, of it and the crossing ones below. */
  readonly #reach: number[] = []
  readonly #shortest: number[] = []
  readonly #ranges: Ends
  #pruneAt = 64

  constructor(ranges: Ends) {
    this.#ranges = ranges
  }

  /** The shortest open range that contains [start, end]; NONE without one. */
  tightest(start: number, end: number): number {
    const rows = this.#rows
    const { start: starts, end: ends, duration } = this.#ranges
    while (rows.length > 0 && ends[rows[rows.length - 1]!]! < start) this.#pop()
    let best = NONE
    const nested = this.#nested
    for (let k = rows.length - 1; k >= nested && this.#reach[k - nested]! >= end; k--) {
      const row = rows[k]!
      if (best !== NONE) {
        // This one and all below began so early that any around [start, end] is longer than the best.
        if (duration[best]! < end - starts[row]!) return best
        if (duration[best]! <= this.#shortest[k - nested]!) break
      }
      if (ends[row]! >= end && (best === NONE || duration[row]! < duration[best]!)) best = row
    }
    const inner = this.#tightestNested(end)
    return best === NONE || (inner !== NONE && duration[inner]! < duration[best]!) ? inner : best
  }

  /** The range opened last, if all others open contain it: it is the tightest around whatever ends by its end. */
  innermost(): number {
    const { length } = this.#rows
    return length > 0 && this.#nested === length ? this.#rows[length - 1]! : NONE
  }

  /** Adds a range; starts must come in ascending order. */
  open(row: number): void {
    const rows = this.#rows
    const { start, end, duration } = this.#ranges
    if (rows.length > this.#pruneAt) this.#prune(start[row]!)
    const top = rows.length - 1
    const crossing = top - this.#nested
    const isNested = crossing === -1 && (top < 0 || end[rows[top]!]! >= end[row]!)
    rows.push(row)
    if (isNested) this.#nested++
    else {
      this.#reach.push(crossing < 0 ? end[row]! : Math.max(this.#reach[crossing]!, end[row]!))
      this.#shortest.push(crossing < 0 ? duration[row]! : Math.min(this.#shortest[crossing]!, duration[row]!))
    }
  }

  #pop(): void {
    if (this.#rows.length > this.#nested) {
      this.#reach.pop()
      this.#shortest.pop()
    } else this.#nested--
    this.#rows.pop()
  }

  /** The last of the nested ones that ends at `end` or later. */
  #tightestNested(end: number): number {
    const { end: ends } = this.#ranges
    const rows = this.#rows
    let last = this.#nested - 1
    if (last < 0 || ends[rows[last]!]! >= end) return last < 0 ? NONE : rows[last]!
    let enough = -1
    while (last - enough > 1) {
      const middle = (enough + last) >> 1
      if (ends[rows[middle]!]! >= end) enough = middle
      else last = middle
    }
    return enough < 0 ? NONE : rows[enough]!
  }

  #prune(now: number): void {
    const { end } = this.#ranges
    const alive = this.#rows.filter((row) => end[row]! >= now)
    this.#rows.length = 0
    this.#reach.length = 0
    this.#shortest.length = 0
    this.#nested = 0
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

type Ends = Spans & { end: Float64Array }

function withEnds({ start, duration, thread }: Spans): Ends {
  const end = new Float64Array(start.length)
  for (let i = 0; i < end.length; i++) end[i] = start[i]! + duration[i]!
  return { start, duration, thread, end }
}

/** The open ranges of each thread, by its row. */
class Threads {
  readonly #open: (OpenRanges | undefined)[] = []
  readonly #ranges: Ends

  constructor(ranges: Spans) {
    this.#ranges = withEnds(ranges)
  }

  known(thread: number): OpenRanges | undefined {
    return this.#open[thread]
  }

  of(thread: number): OpenRanges {
    return (this.#open[thread] ??= new OpenRanges(this.#ranges))
  }
}

/** The column holds 16 bits: what nests deeper (a writer that ends none of its ranges) stands at this depth. */
const DEEPEST = 0xffff

/**
 * Parent (the tightest containing range of the same thread) and depth of each range.
 * Rows must be sorted by (start ascending, duration descending): of two equal ranges the first is the parent.
 */
export function nestRanges(ranges: Spans): { parent: Uint32Array; depth: Uint16Array } {
  const n = ranges.start.length
  const parent = new Uint32Array(n)
  const depth = new Uint16Array(n)
  const threads = new Threads(ranges)
  for (let row = 0; row < n; row++) {
    const thread = threads.of(ranges.thread[row]!)
    const start = ranges.start[row]!
    const found = thread.tightest(start, start + ranges.duration[row]!)
    parent[row] = found
    depth[row] = found === NONE ? 0 : Math.min(depth[found]! + 1, DEEPEST)
    thread.open(row)
  }
  return { parent, depth }
}

/** For each span the tightest range of its thread that contains it. Both must be sorted by start. */
export function containingRanges(spans: Spans, ranges: Spans): Uint32Array {
  const n = spans.start.length
  const result = new Uint32Array(n)
  const threads = new Threads(ranges)
  const { start: starts, duration, thread } = spans
  const opens = ranges.start
  let next = 0
  // Most spans lie in the range that was innermost at the span before, on the same thread, and none opened since.
  let innermost = NONE
  let innermostEnd = -Infinity
  for (let i = 0; i < n; i++) {
    const start = starts[i]!
    const end = start + duration[i]!
    const isNoneNew = next === opens.length || opens[next]! > start
    if (isNoneNew && end <= innermostEnd && thread[i] === thread[i - 1]) {
      result[i] = innermost
      continue
    }
    while (next < opens.length && opens[next]! <= start) {
      threads.of(ranges.thread[next]!).open(next)
      next++
    }
    const open = threads.known(thread[i]!)
    result[i] = open === undefined ? NONE : open.tightest(start, end)
    innermost = open?.innermost() ?? NONE
    innermostEnd = innermost === NONE ? -Infinity : opens[innermost]! + ranges.duration[innermost]!
  }
  return result
}
