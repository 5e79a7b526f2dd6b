/**
 * One tile of one lane: O(buckets · log n), however many spans there are below.
 *
 *   spans   ##  # ###   ##########    #
 *   bucket  |   |   |   |   |   |   |   |      busy 2 3 0 …  count 1 2 0 …  longest, dominating class
 */
import { NONE } from '../../trace/column.ts'
import { TILE_BUCKETS, tileNs } from '../../trace/timeline.ts'
import { busyBefore, durationAt, longestIn, startAt, startedBefore } from './lane-index.ts'
import type { LaneIndex } from './lane-index.ts'
import { rowAt } from './spans.ts'
import type { Lane } from './spans.ts'
import { SPANS_IN_TILE } from './tile.ts'
import type { BucketSection, SpanSection } from './tile.ts'

/** The lane's part of a tile; undefined when nothing of it is there. */
export function sectionOf(
  index: LaneIndex,
  laneNumber: number,
  level: number,
  tile: number,
): SpanSection | BucketSection | undefined {
  const from = tile * tileNs(level)
  const to = from + tileNs(level)
  const end = startedBefore(index, to)
  let first = startedBefore(index, from)
  // The span before reaches in, unless it ends at the tile's start.
  if (first > 0 && startAt(index.lane, first - 1) + durationAt(index.lane, first - 1) > from) first--
  if (first === end) return undefined
  return end - first <= SPANS_IN_TILE
    ? spans(index.lane, laneNumber, first, end)
    : buckets(index, laneNumber, level, from)
}

function spans(lane: Lane, laneNumber: number, first: number, end: number): SpanSection {
  const n = end - first
  const section: SpanSection = {
    kind: 'spans',
    lane: laneNumber,
    start: new Float64Array(n),
    duration: new Float64Array(n),
    row: new Uint32Array(n),
    label: new Uint32Array(n),
    cls: new Uint8Array(n),
  }
  for (let i = 0; i < n; i++) {
    const entry = lane.at[first + i]!
    section.start[i] = lane.columns.start[entry]!
    section.duration[i] = lane.columns.duration[entry]!
    section.row[i] = rowAt(lane.columns, entry)
    section.label[i] = lane.columns.label[entry]!
    section.cls[i] = lane.columns.cls[entry]!
  }
  return section
}

function buckets(index: LaneIndex, laneNumber: number, level: number, from: number): BucketSection {
  const { lane } = index
  const bucketNs = 2 ** level
  const found = newSection(laneNumber)
  let n = 0
  let [before, after] = [new Float64Array(index.classes), new Float64Array(index.classes)]
  let started = startedBefore(index, from)
  let busy = busyBefore(index, from, started, before)
  for (let bucket = 0; bucket < TILE_BUCKETS; bucket++) {
    const edge = from + (bucket + 1) * bucketNs
    const startedThen = startedBefore(index, edge)
    const busyThen = busyBefore(index, edge, startedThen, after)
    if (startedThen > started || busyThen > busy) {
      const longest = longestPart(index, edge - bucketNs, edge, started, startedThen)
      const entry = lane.at[longest]!
      found.bucket[n] = bucket
      found.busy[n] = busyThen - busy
      found.count[n] = startedThen - started
      found.row[n] = rowAt(lane.columns, entry)
      found.label[n] = lane.columns.label[entry]!
      found.cls[n] = busyThen > busy ? dominating(before, after) : lane.columns.cls[entry]!
      n++
    }
    started = startedThen
    busy = busyThen
    ;[before, after] = [after, before]
  }
  return {
    kind: 'buckets',
    lane: laneNumber,
    bucket: found.bucket.subarray(0, n),
    busy: found.busy.subarray(0, n),
    count: found.count.subarray(0, n),
    row: found.row.subarray(0, n),
    label: found.label.subarray(0, n),
    cls: found.cls.subarray(0, n),
  }
}

const newSection = (lane: number): BucketSection => ({
  kind: 'buckets',
  lane,
  bucket: new Uint16Array(TILE_BUCKETS),
  busy: new Float64Array(TILE_BUCKETS),
  count: new Uint32Array(TILE_BUCKETS),
  row: new Uint32Array(TILE_BUCKETS),
  label: new Uint32Array(TILE_BUCKETS).fill(NONE),
  cls: new Uint8Array(TILE_BUCKETS),
})

/**
 * The span with the largest part in [from, to): of those that start in it only the last can reach out, and of those
 * before only the last can reach in. So three candidates are enough.
 */
function longestPart(index: LaneIndex, from: number, to: number, first: number, end: number): number {
  const { lane } = index
  let best = end - 1
  let bestNs = -1
  const offer = (position: number): void => {
    const start = startAt(lane, position)
    const part = Math.min(to, start + durationAt(lane, position)) - Math.max(from, start)
    if (part > bestNs) {
      best = position
      bestNs = part
    }
  }
  if (first > 0) offer(first - 1)
  if (end - 1 > first) offer(longestIn(index, first, end - 1))
  if (end > first) offer(end - 1)
  return best
}

function dominating(before: Float64Array, after: Float64Array): number {
  let best = 0
  for (let c = 1; c < after.length; c++) if (after[c]! - before[c]! > after[best]! - before[best]!) best = c
  return best
}
