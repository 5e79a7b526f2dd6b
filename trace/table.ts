/**
 * A table is declared once, as data; a table's contents are equally long typed arrays, one a column.
 *
 *   const mark = table('mark', { time: 'ns', name: 'string?', … })      the declaration
 *   trace.mark.time[i]                                                  a value
 *   trace.mark.name?.[i]                                                may be absent as a whole: no row has one
 *
 * From the declaration follow the builder, persistence, the SQL view, the exports, the integrity check and the text dump.
 */
import { isAbsent, isOptional } from './column.ts'
import type { ArrayOf, ColumnArray, ColumnType } from './column.ts'

export type Columns = Readonly<Record<string, ColumnType>>

export interface TableSpec<C extends Columns = Columns> {
  readonly name: string
  readonly columns: C
  /** Where each `row` column points: column → table name. */
  readonly links: Readonly<Record<string, string>>
  /** The column the rows are sorted by, ascending; undefined where the order is the source's. */
  readonly sortedBy: string | undefined
}

/** The contents of a table. A column that may be absent is undefined when no row has a value. */
export type Table<C extends Columns = Columns> = { readonly length: number } & {
  readonly [K in keyof C]: C[K] extends `${string}?` ? ArrayOf<C[K]> | undefined : ArrayOf<C[K]>
}

/** A table whose columns are not known by type: look them up with `columnOf`. */
export interface AnyTable {
  readonly length: number
}

export type TableOf<S> = S extends TableSpec<infer C> ? Table<C> : never

/** Declares a table. `links` must name every `row` column's target. */
export function table<const C extends Columns>(
  name: string,
  columns: C,
  options: { links?: Record<string, string>; sortedBy?: keyof C & string } = {},
): TableSpec<C> {
  return { name, columns, links: options.links ?? {}, sortedBy: options.sortedBy }
}

/** A column by name, or undefined when no row has a value. */
export const columnOf = (contents: AnyTable, column: string): ColumnArray | undefined =>
  (contents as unknown as Record<string, unknown>)[column] as ColumnArray | undefined

/** One value, or undefined where it is absent. */
export function valueAt(
  spec: TableSpec,
  contents: AnyTable,
  column: string,
  row: number,
): number | bigint | undefined {
  const type = spec.columns[column]
  const values = columnOf(contents, column)
  if (type === undefined || values === undefined || row >= contents.length) return undefined
  const value = values[row] as number | bigint
  return isOptional(type) && isAbsent(type, value) ? undefined : value
}

/** All columns that have values, by name. */
export function columnsOf(spec: TableSpec, contents: AnyTable): Record<string, ColumnArray> {
  const columns: Record<string, ColumnArray> = {}
  for (const name of Object.keys(spec.columns)) {
    const column = columnOf(contents, name)
    if (column !== undefined) columns[name] = column
  }
  return columns
}
