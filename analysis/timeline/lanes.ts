/**
 * Which lane a span is drawn on: the first one that is free, below its parent's.
 *
 *   in    a [0,10)  b [2,6) parent a  c [4,12)         lane 0  [a       ]
 *                                                       lane 1    [b  ]
 *                                                       lane 2      [c      ]      c overlaps both
 */
import { NONE } from '../../trace/column.ts'
import { piecesOf } from './spans.ts'
import type { Lane, SpanColumns } from './spans.ts'

/** More lanes than this are not drawn apart: what is left over shares the last one, as disjoint pieces. */
export const MAX_LANES = 48

/**
 * Sorts entries of equal start so that what contains comes before what it contains (longer first), in place.
 * Tables are sorted by start already, so only runs of equal starts are touched.
 */
export function outerFirst(columns: SpanColumns, at: Uint32Array): Uint32Array {
  const { start, duration } = columns
  for (let i = 0; i < at.length;) {
    let end = i + 1
    while (end < at.length && start[at[end]!] === start[at[i]!]) end++
    if (end - i > 1) at.subarray(i, end).sort((a, b) => duration[b]! - duration[a]! || a - b)
    i = end
  }
  return at
}

/**
 * Divides entries (sorted by start, outer first) among lanes of disjoint spans.
 * `parent` gives an entry's parent entry (NONE without one); a child is always placed below its parent.
 */
export function lanesOf(columns: SpanColumns, at: Uint32Array, parent?: Uint32Array): Lane[] {
  if (isDisjoint(columns, at)) return at.length === 0 ? [] : [{ columns, at, pieces: false }]
  const laneOf = new Uint8Array(at.length)
  // Lane of every entry by entry number, needed only to find a parent's.
  const placed = parent === undefined ? undefined : new Uint8Array(columns.start.length).fill(MAX_LANES)
  const freeFrom = new Float64Array(MAX_LANES).fill(-Infinity)
  const counts = new Uint32Array(MAX_LANES)
  for (let i = 0; i < at.length; i++) {
    const entry = at[i]!
    const above = parent === undefined ? NONE : parent[entry]!
    const aboveLane = above === NONE || placed === undefined ? MAX_LANES : placed[above]
    let lane = aboveLane === undefined || aboveLane === MAX_LANES ? 0 : aboveLane + 1
    while (lane < MAX_LANES - 1 && freeFrom[lane]! > columns.start[entry]!) lane++
    lane = Math.min(lane, MAX_LANES - 1)
    freeFrom[lane] = Math.max(freeFrom[lane]!, columns.start[entry]! + columns.duration[entry]!)
    laneOf[i] = lane
    counts[lane]!++
    if (placed !== undefined) placed[entry] = lane
  }
  return split(columns, at, laneOf, counts)
}

/** Whether no entry starts before the one before it ends. */
export function isDisjoint({ start, duration }: SpanColumns, at: Uint32Array): boolean {
  let reach = -Infinity
  for (let i = 0; i < at.length; i++) {
    const entry = at[i]!
    if (start[entry]! < reach) return false
    reach = start[entry]! + duration[entry]!
  }
  return true
}

function split(columns: SpanColumns, at: Uint32Array, laneOf: Uint8Array, counts: Uint32Array): Lane[] {
  const used = counts.reduce((last, count, lane) => (count > 0 ? lane + 1 : last), 0)
  const parts = Array.from({ length: used }, (_, lane) => new Uint32Array(counts[lane]!))
  const filled = new Uint32Array(used)
  for (let i = 0; i < at.length; i++) parts[laneOf[i]!]![filled[laneOf[i]!]!++] = at[i]!
  return parts.map((part) =>
    isDisjoint(columns, part) ? { columns, at: part, pieces: false } : piecesOf(columns, part),
  )
}

/** Row numbers 0 … n−1 divided by a key (`keys` of them), each part ascending. One pass to count, one to fill. */
export function partition(length: number, keys: number, keyOf: (row: number) => number): Uint32Array[] {
  const counts = new Uint32Array(keys)
  for (let row = 0; row < length; row++) {
    const key = keyOf(row)
    if (key < keys) counts[key]!++
  }
  const parts = Array.from(counts, (count) => new Uint32Array(count))
  const filled = new Uint32Array(keys)
  for (let row = 0; row < length; row++) {
    const key = keyOf(row)
    if (key < keys) parts[key]![filled[key]!++] = row
  }
  return parts
}
