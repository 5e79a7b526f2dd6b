/**
 * Which NVTX ranges enclose an API call: same thread, range start ≤ call start, range end ≥ call end, both ends included.
 * A range that ended on another thread encloses nothing.
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { lastNvtxTime, nvtxRanges, rangeEnds } from './nvtx-ranges.ts'

export interface Enclosing {
  /** Ends of the NVTX ranges, open ones at the last time of any range. */
  readonly ends: Float64Array
  /** Positions in nvtxRanges of what encloses call i: ranges[first[i]] … ranges[first[i + 1] − 1], by start. */
  readonly first: Uint32Array
  readonly ranges: Uint32Array
}

/** Whether a range takes part: it ended on its own thread. */
export const isOnOneThread = (trace: Trace, row: number): boolean =>
  (trace.range.endThread?.[row] ?? NONE) === NONE

/** One sweep over calls and ranges, both by start; each thread keeps its ranges that have not ended yet. */
export const enclosing = derived((trace): Enclosing => {
  const { api_call: api, range } = trace
  const ranges = nvtxRanges(trace)
  const ends = rangeEnds(trace, lastNvtxTime(trace, 'ranges'))
  const first = new Uint32Array(api.length + 1)
  let found = new Uint32Array(api.length + 16)
  let length = 0
  const open: number[][] = Array.from({ length: trace.thread.length }, () => [])
  let next = 0
  for (let call = 0; call < api.length; call++) {
    const start = api.start[call]!
    const end = start + api.duration[call]!
    for (; next < ranges.length && range.start[ranges.row[next]!]! <= start; next++) {
      const row = ranges.row[next]!
      if (isOnOneThread(trace, row) && !Number.isNaN(ends[next]!)) open[range.thread[row]!]!.push(next)
    }
    const list = open[api.thread[call]!]!
    let kept = 0
    for (let k = 0; k < list.length; k++) {
      const one = list[k]!
      // Later calls of the thread start no earlier: what ended before this one encloses none of them.
      if (ends[one]! < start) continue
      list[kept++] = one
      if (ends[one]! < end) continue
      if (length === found.length) {
        const larger = new Uint32Array(2 * length)
        larger.set(found)
        found = larger
      }
      found[length++] = one
    }
    list.length = kept
    first[call + 1] = length
  }
  return { ends, first, ranges: found.subarray(0, length) }
})
