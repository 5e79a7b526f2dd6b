/** Everything that is known of one row, in words: each column that has a value, links by name. */
import type { SpanDetail } from '../../trace/api.ts'
import { elementOf } from '../../trace/column.ts'
import type { ColumnType } from '../../trace/column.ts'
import { UserError } from '../../trace/errors.ts'
import { valueAt } from '../../trace/table.ts'
import type { TableSpec } from '../../trace/table.ts'
import { deviceOpKinds, rangeStyles, specOf, tableNames } from '../../trace/tables.ts'
import type { TableName } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { addedBy } from '../phase-source.ts'
import { deviceGroup, streamTitle, threadGroup } from './groups.ts'

/** Columns whose numbers are bytes. */
const BYTES = new Set([
  'bytes',
  'staticShared',
  'dynamicShared',
  'localPerThread',
  'sharedExecuted',
  'totalAllocated',
  'totalReserved',
  'poolSize',
  'poolUsed',
])

/** Throws UserError('not-found') for an unknown table or row. */
export function spanDetail(trace: Trace, tableName: string, row: number): SpanDetail {
  const table = tableNames.find((name) => name === tableName)
  if (table === undefined)
    throw new UserError(
      'not-found',
      `there is no table "${tableName}"; the tables are ${tableNames.join(', ')}`,
    )
  if (!Number.isInteger(row) || row < 0 || row >= trace[table].length)
    throw new UserError(
      'not-found',
      `${table} has no row ${row}; its rows are 0 to ${trace[table].length - 1}`,
    )
  const spec: TableSpec = specOf(table)
  const fields: SpanDetail['fields'] = []
  for (const [name, type] of Object.entries(spec.columns)) {
    const value = valueAt(spec, trace[table], name, row)
    if (value !== undefined) fields.push(field(trace, table, spec, name, type, value))
  }
  const by = table === 'range' ? addedBy(trace, row) : undefined
  if (by !== undefined) return { table, row, title: nameOf(trace, table, row), fields: told(fields, by) }
  return { table, row, title: nameOf(trace, table, row), fields }
}

/** Of a range that no row of the source stands for: what it is made from, and nothing a recorded one has. */
const told = (fields: SpanDetail['fields'], by: string): SpanDetail['fields'] => [
  ...fields.filter(({ name }) => !RECORDED_OF_RANGE.has(name)),
  { name: 'toldBy', value: by },
]
const RECORDED_OF_RANGE = new Set(['open', 'style', 'category', 'sourceRow'])

function field(
  trace: Trace,
  table: TableName,
  spec: TableSpec,
  name: string,
  type: ColumnType,
  value: number | bigint,
): SpanDetail['fields'][number] {
  const target = spec.links[name] as TableName | undefined
  if (target !== undefined) {
    const row = Number(value)
    return { name, value: nameOf(trace, target, row), link: { table: target, row } }
  }
  if (typeof value === 'bigint') return { name, value: value.toString() }
  const element = elementOf(type)
  if (element === 'string') return { name, value: trace.strings[value] ?? '' }
  if (element === 'ns') return { name, value, unit: 'ns' }
  if (BYTES.has(name)) return { name, value, unit: 'bytes' }
  return { name, value: wordFor(trace, table, name, value) ?? value }
}

/** Numbers that stand for a word. */
function wordFor(trace: Trace, table: TableName, name: string, value: number): string | undefined {
  if (table === 'device_op' && name === 'kind') return deviceOpKinds[value]
  if (table === 'device_op' && name === 'device') return deviceGroup(trace, value)
  if (table === 'range' && name === 'style') return rangeStyles[value]
  if (table === 'range' && name === 'open') return value === 1 ? 'never closed in this capture' : 'no'
  return undefined
}

/** What a row is called where another one points to it. */
function nameOf(trace: Trace, table: TableName, row: number): string {
  if (table === 'thread') return threadGroup(trace, row)
  if (table === 'device') return deviceGroup(trace, row)
  if (table === 'stream') return streamTitle(trace, row)
  const text = valueAt(specOf(table), trace[table], 'name', row)
  const name = text === undefined ? '' : (trace.strings[Number(text)] ?? '')
  return name === '' ? `${table} ${row}` : name
}
