/** What a window of time holds: spans by name, with their durations cut at the window. */
import { NONE } from '../../trace/column.ts'
import { UserError } from '../../trace/errors.ts'
import type { WindowContents } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { spanTables } from './places.ts'
import type { SpanTable } from './places.ts'
import { firstReaching } from './reach.ts'

/** Names that are listed of each table. */
const NAMES = 50

/** Throws UserError('bad-request') for a window that ends before it starts. */
export function windowContents(trace: Trace, fromNs: number, toNs: number): WindowContents {
  if (!(toNs >= fromNs))
    throw new UserError('bad-request', `the window ends (${toNs} ns) before it starts (${fromNs} ns)`)
  const tables = spanTables.map((table) => contentsOf(trace, table, fromNs, toNs))
  return { fromNs, toNs, tables: tables.filter(({ spans }) => spans > 0) }
}

function contentsOf(
  trace: Trace,
  table: SpanTable,
  from: number,
  to: number,
): WindowContents['tables'][number] {
  const { start, duration, name, length } = trace[table]
  const counts = new Uint32Array(trace.strings.length)
  const totals = new Float64Array(trace.strings.length)
  let spans = 0
  let totalNs = 0
  for (let row = firstReaching(trace, table, from); row < length && start[row]! < to; row++) {
    const end = start[row]! + duration[row]!
    // A span that ends where the window begins is not in it; an instant that stands there is.
    if (end < from || (end === from && duration[row]! > 0)) continue
    const part = Math.min(end, to) - Math.max(start[row]!, from)
    const string = name?.[row] ?? NONE
    const key = string === NONE ? 0 : string
    counts[key]!++
    totals[key]! += part
    spans++
    totalNs += part
  }
  const found: number[] = []
  for (let string = 0; string < counts.length; string++) if (counts[string]! > 0) found.push(string)
  found.sort((a, b) => totals[b]! - totals[a]! || a - b)
  return {
    table,
    spans,
    totalNs,
    nameCount: found.length,
    names: found
      .slice(0, NAMES)
      .map((string) => ({ name: trace.strings[string]!, count: counts[string]!, totalNs: totals[string]! })),
  }
}
