/**
 * How spans hang together: a kernel ← the call that launched it ← the range around that call, and who stands beside them.
 * Rows are looked for by reading a column up or down from where the span is; tables are sorted by start.
 */
import { NONE } from '../../trace/column.ts'
import type { SpanPlace, SpanRelations } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { placeOf, spanTable } from './places.ts'
import type { SpanTable } from './places.ts'

/** So many launched ops are named; a graph launch may have thousands. */
const EFFECTS = 20

/** Throws UserError('not-found') where there is no such span. */
export function relationsOf(trace: Trace, tableName: string, row: number): SpanRelations {
  const table = spanTable(trace, tableName, row)
  const place = (of: SpanTable, at: number | undefined): SpanPlace | null =>
    at === undefined || at === NONE ? null : placeOf(trace, of, at)
  const lane = laneColumn(trace, table)
  const names = trace[table].name
  const effects = table === 'api_call' ? launchedBy(trace, row) : []
  return {
    span: placeOf(trace, table, row),
    parent: place('range', parentOf(trace, table, row)),
    child: childOf(trace, table, row),
    cause: table === 'device_op' ? place('api_call', trace.device_op.launch?.[row]) : null,
    effects: effects.slice(0, EFFECTS).map((at) => placeOf(trace, 'device_op', at)),
    effectCount: effects.length,
    previous: place(table, lane && before(lane, row)),
    next: place(table, lane && after(lane, row)),
    previousSame: place(table, names && before(names, row)),
    nextSame: place(table, names && after(names, row)),
  }
}

function laneColumn(trace: Trace, table: SpanTable): Uint32Array | undefined {
  return table === 'device_op' ? trace.device_op.stream : trace[table].thread
}

function parentOf(trace: Trace, table: SpanTable, row: number): number | undefined {
  if (table === 'range') return trace.range.parent?.[row]
  if (table === 'api_call') return trace.api_call.range?.[row]
  if (table !== 'device_op') return undefined
  const launch = trace.device_op.launch?.[row] ?? NONE
  return launch === NONE ? trace.device_op.range?.[row] : trace.api_call.range?.[launch]
}

/** Of a range: the first range directly inside, else the first call. */
function childOf(trace: Trace, table: SpanTable, row: number): SpanPlace | null {
  if (table !== 'range') return null
  const range = firstWith(trace.range.parent, row, row + 1)
  if (range !== undefined) return placeOf(trace, 'range', range)
  const call = firstWith(trace.api_call.range, row, 0)
  return call === undefined ? null : placeOf(trace, 'api_call', call)
}

function firstWith(column: Uint32Array | undefined, value: number, from: number): number | undefined {
  const at = column?.indexOf(value, from) ?? -1
  return at < 0 ? undefined : at
}

function launchedBy(trace: Trace, call: number): number[] {
  const launch = trace.device_op.launch
  const found: number[] = []
  if (launch === undefined) return found
  for (let at = launch.indexOf(call); at >= 0; at = launch.indexOf(call, at + 1)) found.push(at)
  return found
}

const after = (column: Uint32Array, row: number): number | undefined =>
  firstWith(column, column[row]!, row + 1)
function before(column: Uint32Array, row: number): number | undefined {
  if (row === 0) return undefined
  const at = column.lastIndexOf(column[row]!, row - 1)
  return at < 0 ? undefined : at
}
