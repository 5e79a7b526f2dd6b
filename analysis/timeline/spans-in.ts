/** The spans of a lane that touch a window. */
import { durationAt, startAt } from './lane-index.ts'
import { rowAt } from './spans.ts'
import type { Lane } from './spans.ts'

export interface LaneSpan {
  row: number
  /** ns, whole: not cut at the window. */
  start: number
  duration: number
  label: number
  cls: number
}

/** In time order. An instant on the window's first ns is in it, a span that ends there is not. */
export function* spansIn(lane: Lane, from: number, to: number): Generator<LaneSpan> {
  for (let i = firstReaching(lane, from); i < lane.at.length; i++) {
    const entry = lane.at[i]!
    const { columns } = lane
    const start = columns.start[entry]!
    const duration = columns.duration[entry]!
    if (start >= to) return
    if (start + duration === from && duration > 0) continue
    yield {
      row: rowAt(columns, entry),
      start,
      duration,
      label: columns.label[entry]!,
      cls: columns.cls[entry]!,
    }
  }
}

/** A lane is disjoint, so ends ascend as starts do. */
function firstReaching(lane: Lane, time: number): number {
  let low = 0
  let high = lane.at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startAt(lane, middle) + durationAt(lane, middle) < time) low = middle + 1
    else high = middle
  }
  return low
}
