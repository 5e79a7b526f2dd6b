/**
 * A trace's tables for SQL: virtual tables that read the typed arrays row by row while SQLite asks, so that a table of
 * ten million rows costs nothing until it is looked at.
 *
 *   view device_op ──→ module device_op_rows ──→ trace.device_op.start[i], …
 *
 * The view holds `LIMIT -1`, which limits nothing and keeps SQLite from merging it into a join: the inner side of a join
 * is then copied once, with just the columns it needs, and gets an automatic index. Without it SQLite would run through
 * the inner table anew for every outer row: 50 k × 60 k rows took 0.2 s this way, and are 3 billion steps the other way.
 */
import Database from 'better-sqlite3'
import { isOptional, sentinelOf } from '../trace/column.ts'
import { columnOf } from '../trace/table.ts'
import type { AnyTable, TableSpec } from '../trace/table.ts'
import { specOf, tableNames } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { sqlColumns } from './sql-columns.ts'
import type { SqlColumn } from './sql-columns.ts'

/** What SQLite is given: a whole number as bigint is INTEGER, a number is REAL. */
export type SqlValue = bigint | number | string | null

export interface SqlTable {
  name: string
  columns: readonly string[]
  /** Rows as SQLite asks for them; the same array may be given again and again. */
  rows: () => Generator<readonly SqlValue[]>
}

/** An empty database in memory, which nothing can be attached to a file from (statements are checked, too). */
export const memoryDatabase = (): Database.Database => new Database(':memory:')

/** Makes a table readable under its name. */
export function addTable(database: Database.Database, table: SqlTable): void {
  const rows = `${table.name}_rows`
  database.table(rows, { columns: [...table.columns], rows: table.rows })
  database.exec(`CREATE VIEW ${quoted(table.name)} AS SELECT * FROM ${quoted(rows)} LIMIT -1`)
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * The columns that a table is given: those that are wanted, and the first two in any case, so that no table has a single
 * one. The library copies every column of every row: 3 columns instead of 37 save most of a scan's time.
 */
export const given = <C>(
  columns: readonly C[],
  wanted: (column: string) => boolean,
  nameOf: (column: C) => string,
): C[] => columns.filter((column, i) => i < 2 || wanted(nameOf(column)))

/** Adds every table of a trace, with the columns that are wanted (wanted-columns.ts); nothing is read of others. */
export function addTraceTables(
  database: Database.Database,
  trace: Trace,
  wanted: (column: string) => boolean,
): void {
  for (const name of tableNames) {
    const spec = specOf(name)
    const columns = given(sqlColumns(spec), wanted, (column) => column.name)
    addTable(database, {
      name,
      columns: columns.map((one) => one.name),
      *rows() {
        const contents: AnyTable = trace[name]
        const line: SqlValue[] = columns.map(() => null)
        const readers = columns.flatMap((column, at) => {
          const read = wanted(column.name) ? reader(trace, spec, column) : undefined
          return read === undefined ? [] : [{ at, read }]
        })
        for (let row = 0; row < contents.length; row++) {
          for (const { at, read } of readers) line[at] = read(row)
          yield line
        }
      },
    })
  }
}

/** How to read a column's value at a row; undefined where no row has one. */
function reader(trace: Trace, spec: TableSpec, sql: SqlColumn): ((row: number) => SqlValue) | undefined {
  const { column, type, words } = sql
  if (column === undefined) return (row) => BigInt(row)
  const declared = spec.columns[column]!
  const values = columnOf(trace[spec.name as keyof Trace] as AnyTable, column)
  if (values === undefined) return undefined
  const { strings } = trace
  const valueOf = (value: number | bigint): SqlValue => {
    if (typeof value === 'bigint') return value
    if (words !== undefined) return words[value] ?? String(value)
    if (type === 'text') return strings[value] ?? null
    return type === 'integer' && Number.isSafeInteger(value) ? BigInt(value) : value
  }
  if (!isOptional(declared)) return (row) => valueOf(values[row]!)
  const absent = sentinelOf(declared)
  // NaN, the sentinel of doubles, is the one value that differs from itself.
  return (row) => {
    const value = values[row]!
    return value === absent || value !== value ? null : valueOf(value)
  }
}
