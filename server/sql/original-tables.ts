/**
 * The open tables of an nsys export as virtual tables over a read-only connection to it. The statement itself runs in an
 * empty database beside it, so what is not open cannot be named.
 */
import type Database from 'better-sqlite3'
import { addTable, given, quoted } from '../../db/virtual-tables.ts'
import type { SqlValue } from '../../db/virtual-tables.ts'
import { isOpenTable, isOpenText, namesStrings, STRINGS } from './open-tables.ts'

/** Adds every open table of `original` to `database`; with the columns that are wanted. */
export function addOriginalTables(
  database: Database.Database,
  original: Database.Database,
  wanted: (column: string) => boolean,
): void {
  const tables = openTables(original)
  let names: Set<bigint> | undefined
  for (const { name, columns: all } of tables) {
    const columns = given(all, wanted, (column) => column)
    const texts = columns.map((column) => isOpenText(name, column))
    const select = columns.map((column) => (wanted(column) ? quoted(column) : 'NULL'))
    // The id decides whether a string is open, so it is read even where it is not asked for: as one more value.
    if (name === STRINGS) select.push(quoted('id'))
    addTable(database, {
      name,
      columns,
      *rows() {
        const open = name === STRINGS ? (names ??= namedStrings(original, tables)) : undefined
        const statement = original
          .prepare<[], unknown[]>(`SELECT ${select.join(', ')} FROM ${quoted(name)}`)
          .safeIntegers()
          .raw()
        for (const values of statement.iterate()) {
          if (open !== undefined && !open.has(values.pop() as bigint)) continue
          yield values.map((value, i) => openValue(value, texts[i]!))
        }
      },
    })
  }
}

/** The open tables of an export with their columns. A view or virtual table of that name is none: it could read others. */
function openTables(original: Database.Database): { name: string; columns: string[] }[] {
  const named = original
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'table'`)
    .all()
  return named
    .filter(({ name, sql }) => isOpenTable(name) && /^create\s+table/i.test(sql))
    .map(({ name }) => ({
      name,
      columns: original
        .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
        .all(name)
        .map((column) => column.name),
    }))
    .filter(({ name, columns }) => columns.length > 0 && (name !== STRINGS || columns.includes('id')))
}

/** The ids that open tables point to. */
function namedStrings(
  original: Database.Database,
  tables: readonly { name: string; columns: readonly string[] }[],
): Set<bigint> {
  const ids = new Set<bigint>()
  for (const { name, columns } of tables)
    for (const column of columns.filter((one) => namesStrings(name, one))) {
      const statement = original
        .prepare<[], unknown>(`SELECT DISTINCT ${quoted(column)} FROM ${quoted(name)}`)
        .safeIntegers()
        .pluck()
      for (const id of statement.iterate()) if (typeof id === 'bigint') ids.add(id)
    }
  return ids
}

const openValue = (value: unknown, isText: boolean): SqlValue =>
  typeof value === 'bigint' || typeof value === 'number' || (isText && typeof value === 'string')
    ? value
    : null
