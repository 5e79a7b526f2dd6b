/** Where a search for what reaches into a time may begin: tables are sorted by start, and long spans start long before. */
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { spanTables } from './places.ts'
import type { SpanTable } from './places.ts'

/** Rows in a block of `reaches`. */
const BLOCK = 1024

/** Per table, the latest end of all rows up to each block's last. */
const reaches = derived(
  (trace) =>
    new Map(
      spanTables.map((table): [SpanTable, Float64Array] => {
        const { start, duration, length } = trace[table]
        const ends = new Float64Array(Math.ceil(length / BLOCK))
        let reach = -Infinity
        for (let row = 0; row < length; row++) {
          reach = Math.max(reach, start[row]! + duration[row]!)
          ends[Math.floor(row / BLOCK)] = reach
        }
        return [table, ends]
      }),
    ),
)

/** A row before which no span of the table reaches `time` (ns). */
export function firstReaching(trace: Trace, table: SpanTable, time: number): number {
  const ends = reaches(trace).get(table)!
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ends[middle]! < time) low = middle + 1
    else high = middle
  }
  return low * BLOCK
}
