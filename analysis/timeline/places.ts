/** Where a row of a table stands on the timeline. */
import { NONE } from '../../trace/column.ts'
import { UserError } from '../../trace/errors.ts'
import type { SpanPlace } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'

/** Tables whose rows are spans on the timeline. */
export const spanTables = ['device_op', 'api_call', 'range', 'os_call', 'overhead'] as const
export type SpanTable = (typeof spanTables)[number]

/** Throws UserError('not-found') for another table or, where one is given, a row that is not there. */
export function spanTable(trace: Trace, table: string, row?: number): SpanTable {
  const known = spanTables.find((name) => name === table)
  if (known === undefined)
    throw new UserError('not-found', `"${table}" holds no spans; those that do are ${spanTables.join(', ')}`)
  if (row !== undefined && (!Number.isInteger(row) || row < 0 || row >= trace[known].length))
    throw new UserError(
      'not-found',
      `${table} has no row ${row}; its rows are 0 to ${trace[known].length - 1}`,
    )
  return known
}

/** The track that the row is drawn on: as the tracks are named (kinds/). */
export function trackIdOf(trace: Trace, table: SpanTable, row: number): string {
  switch (table) {
    case 'device_op':
      return `stream-${trace.device_op.stream[row]!}`
    case 'api_call':
      return `api-${trace.api_call.thread[row]!}`
    case 'range':
      return `range-${trace.range.thread[row]!}`
    case 'os_call':
      return `os-${trace.os_call.thread[row]!}`
    case 'overhead': {
      const thread = trace.overhead.thread?.[row] ?? NONE
      return thread === NONE ? 'overhead-none' : `overhead-${thread}`
    }
  }
}

export function placeOf(trace: Trace, table: SpanTable, row: number): SpanPlace {
  const { start, duration, name } = trace[table]
  const text = name?.[row] ?? NONE
  return {
    table,
    row,
    track: trackIdOf(trace, table, row),
    name: text === NONE ? '' : (trace.strings[text] ?? ''),
    startNs: start[row]!,
    durNs: duration[row]!,
  }
}
