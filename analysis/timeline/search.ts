/** Search over the names of spans: which names contain all words, how often they occur, how long they take together. */
import { NONE } from '../../trace/column.ts'
import type { SearchHit } from '../../trace/api.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { spanTables } from './places.ts'
import type { SpanTable } from './places.ts'

/** So many rows of each name come with a hit; the others are a step to the next of the same name away. */
const ROWS = 5

interface NameSums {
  count: Uint32Array
  totalNs: Float64Array
  /** First row of each name; NONE where the table has none. */
  first: Uint32Array
}

/** Per table, how often and how long each string occurs as a name. */
const sumsOf = derived(
  (trace) => new Map(spanTables.map((table): [SpanTable, NameSums] => [table, sums(trace, table)])),
)

function sums(trace: Trace, table: SpanTable): NameSums {
  const { name, duration, length } = trace[table]
  const strings = trace.strings.length
  const made = {
    count: new Uint32Array(strings),
    totalNs: new Float64Array(strings),
    first: new Uint32Array(strings).fill(NONE),
  }
  if (name === undefined) return made
  for (let row = 0; row < length; row++) {
    const string = name[row]!
    if (string === NONE) continue
    if (made.count[string] === 0) made.first[string] = row
    made.count[string]!++
    made.totalNs[string]! += duration[row]!
  }
  return made
}

/** Names that contain every word of `query`, upper and lower case alike; the most time first. */
export function searchNames(
  trace: Trace,
  query: string,
  limit: number,
): { hits: SearchHit[]; total: number } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return { hits: [], total: 0 }
  const found: { table: SpanTable; string: number; sums: NameSums }[] = []
  for (let string = 0; string < trace.strings.length; string++) {
    const text = trace.strings[string]!.toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    for (const [table, made] of sumsOf(trace))
      if (made.count[string]! > 0) found.push({ table, string, sums: made })
  }
  found.sort((a, b) => b.sums.totalNs[b.string]! - a.sums.totalNs[a.string]! || a.string - b.string)
  return {
    total: found.length,
    hits: found.slice(0, limit).map(({ table, string, sums: made }) => ({
      table,
      name: trace.strings[string]!,
      count: made.count[string]!,
      totalNs: made.totalNs[string]!,
      rows: firstRows(trace, table, string, made.first[string]!),
    })),
  }
}

function firstRows(trace: Trace, table: SpanTable, string: number, first: number): SearchHit['rows'] {
  const { name, start, duration } = trace[table]
  const rows: SearchHit['rows'] = []
  for (let row = first; row >= 0 && rows.length < ROWS; row = name!.indexOf(string, row + 1))
    rows.push({ row, startNs: start[row]!, durNs: duration[row]! })
  return rows
}
