/**
 * An implicit tree over a lane's spans: any question about any stretch of time costs O(log n), with a few bytes a span.
 *
 * Spans are taken in blocks of 64. A block keeps the busy ns before it, by class, and its longest span; blocks of 64
 * blocks keep theirs, and so on. Whatever falls between two blocks is read from the spans themselves, at most 63 of them.
 *
 *   spans    ################ ################ ################ ####
 *   level 0  64 each          longest, and Σ busy before, by class
 *   level 1  64 · 64 each     longest
 *
 * For 18 classes that is 18 · 8 / 64 + 8 / 64 + … ≈ 2.5 bytes a span.
 */
import type { Lane } from './spans.ts'

const SHIFT = 6
const BLOCK = 1 << SHIFT

export interface LaneIndex {
  readonly lane: Lane
  readonly length: number
  readonly classes: number
  /** Start of each block's first span, ns. */
  readonly blockStart: Float64Array
  /** Busy ns before each block, and (last) in all. */
  readonly busyBefore: Float64Array
  /** The same by class: block · classes + class. */
  readonly classBefore: Float64Array
  /** The longest span of each block, then of each block of blocks, … */
  readonly longest: readonly Tower[]
}

/** One level of the tree: position (in `lane.at`) and duration of the longest span of each block. */
interface Tower {
  readonly position: Uint32Array
  /** Kept beside, so that finding the longest of many blocks reads memory in order. */
  readonly ns: Float64Array
}

export function indexLane(lane: Lane, classes: number): LaneIndex {
  const { at } = lane
  const { start, duration, cls } = lane.columns
  const blocks = Math.ceil(at.length / BLOCK)
  const blockStart = new Float64Array(blocks)
  const busyBefore = new Float64Array(blocks + 1)
  const classBefore = new Float64Array((blocks + 1) * classes)
  const longest = new Uint32Array(blocks)
  const byClass = new Float64Array(classes)
  let busy = 0
  for (let block = 0; block < blocks; block++) {
    const first = block << SHIFT
    const end = Math.min(first + BLOCK, at.length)
    blockStart[block] = start[at[first]!]!
    let best = first
    let bestNs = -1
    for (let i = first; i < end; i++) {
      const entry = at[i]!
      const ns = duration[entry]!
      busy += ns
      byClass[cls[entry]!]! += ns
      if (ns > bestNs) {
        best = i
        bestNs = ns
      }
    }
    longest[block] = best
    busyBefore[block + 1] = busy
    classBefore.set(byClass, (block + 1) * classes)
  }
  return {
    lane,
    length: at.length,
    classes,
    blockStart,
    busyBefore,
    classBefore,
    longest: towers(lane, longest),
  }
}

function towers(lane: Lane, ground: Uint32Array): Tower[] {
  const levels: Tower[] = [{ position: ground, ns: Float64Array.from(ground, (at) => durationAt(lane, at)) }]
  for (let below = levels[0]!; below.ns.length > BLOCK;) {
    const length = Math.ceil(below.ns.length / BLOCK)
    const above: Tower = { position: new Uint32Array(length), ns: new Float64Array(length) }
    for (let i = 0; i < length; i++) {
      const best = longestOf(below.ns, i << SHIFT, Math.min((i + 1) << SHIFT, below.ns.length))
      above.position[i] = below.position[best]!
      above.ns[i] = below.ns[best]!
    }
    levels.push(above)
    below = above
  }
  return levels
}

/** Index of the largest in [from, to); the first of equals. */
function longestOf(ns: Float64Array, from: number, to: number): number {
  let best = from
  for (let i = from + 1; i < to; i++) if (ns[i]! > ns[best]!) best = i
  return best
}

export const startAt = (lane: Lane, position: number): number => lane.columns.start[lane.at[position]!]!
export const durationAt = (lane: Lane, position: number): number => lane.columns.duration[lane.at[position]!]!

/** How many spans start before `time`. */
export function startedBefore(index: LaneIndex, time: number): number {
  const { blockStart, lane, length } = index
  let low = 0
  let high = blockStart.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (blockStart[middle]! < time) low = middle + 1
    else high = middle
  }
  if (low === 0) return 0
  low = (low - 1) << SHIFT
  high = Math.min(low + BLOCK, length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startAt(lane, middle) < time) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Busy ns before `time`, by class, into `byClass`; returns their sum. `started` is startedBefore(index, time).
 * Only the last span begun can reach past `time`: a lane is disjoint.
 */
export function busyBefore(index: LaneIndex, time: number, started: number, byClass: Float64Array): number {
  const { lane, classes, classBefore } = index
  const { duration, cls } = lane.columns
  const block = started >>> SHIFT
  for (let c = 0; c < classes; c++) byClass[c] = classBefore[block * classes + c]!
  let busy = index.busyBefore[block]!
  for (let i = block << SHIFT; i < started; i++) {
    const entry = lane.at[i]!
    busy += duration[entry]!
    byClass[cls[entry]!]! += duration[entry]!
  }
  if (started > 0) {
    const entry = lane.at[started - 1]!
    const over = lane.columns.start[entry]! + duration[entry]! - time
    if (over > 0) {
      busy -= over
      byClass[cls[entry]!]! -= over
    }
  }
  return busy
}

/** Position of the longest span among positions [first, end); the earliest of equals. −1 when there are none. */
export function longestIn(index: LaneIndex, first: number, end: number): number {
  const { lane, longest } = index
  let best = -1
  let bestNs = -1
  const take = (position: number, ns: number): void => {
    if (ns > bestNs || (ns === bestNs && position < best)) {
      best = position
      bestNs = ns
    }
  }
  const read = (level: number, from: number, to: number): void => {
    const tower = longest[level]
    if (tower === undefined) for (let i = from; i < to; i++) take(i, durationAt(lane, i))
    else if (from < to) {
      const at = longestOf(tower.ns, from, to)
      take(tower.position[at]!, tower.ns[at]!)
    }
  }
  // Climb: at each level read what stands before the next whole block and after the last one. Level −1 are the spans.
  let low = first
  let high = end
  for (let level = -1; low < high; level++) {
    const lowBlock = (low + BLOCK - 1) >>> SHIFT
    const highBlock = high >>> SHIFT
    if (level + 1 >= longest.length || lowBlock >= highBlock) {
      read(level, low, high)
      break
    }
    read(level, low, lowBlock << SHIFT)
    read(level, highBlock << SHIFT, high)
    low = lowBlock
    high = highBlock
  }
  return best
}
