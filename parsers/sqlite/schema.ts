/**
 * The tables of a SQLite file, as SQLite itself understands their CREATE statements.
 *
 * SQLite parses its own language best (quoted names, comments, constraints, `DESC` quirks), so both readers ask it.
 */
import type { Database } from 'better-sqlite3'

export interface TableSchema {
  name: string
  /** Page number of the b-tree's root. */
  root: number
  /** The columns in declared order. Record field i holds column i, unless some are generated. */
  columns: readonly ColumnSchema[]
  /** Position of the column that is another name of the rowid (INTEGER PRIMARY KEY); -1 if none. */
  rowidColumn: number
  /** A name by which SQL reaches the rowid; undefined for WITHOUT ROWID, or when columns took all three names. */
  rowidName: string | undefined
  withoutRowid: boolean
  /** FROM and ORDER BY of a query over all rows in the table's own order. */
  inOrder: string
}

export interface ColumnSchema {
  name: string
  /** The declared type as written, '' if none. */
  declared: string
  generated: boolean
}

interface ListRow {
  name: string
  wr: number
  rootpage: number
}

interface ColumnRow {
  name: string
  type: string
  pk: number
  hidden: number
}

/** A name as SQL text. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** All ordinary tables by name, in the file's order. Views, virtual tables and SQLite's own tables are left out. */
export function readSchema(db: Database): Map<string, TableSchema> {
  const list = db
    .prepare(
      `SELECT s.name, l.wr, s.rootpage FROM sqlite_schema s
       JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name
       WHERE s.type = 'table' AND s.rootpage > 0 AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid`,
    )
    .all() as ListRow[]
  return new Map(list.map((row) => [row.name, tableSchema(db, row)]))
}

/** The names of all views. */
export const viewsOf = (db: Database): string[] =>
  db.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").pluck().all() as string[]

function tableSchema(db: Database, { name, wr, rootpage }: ListRow): TableSchema {
  const rows = db
    .prepare('SELECT name, type, pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid')
    .all(name) as ColumnRow[]
  const keys = rows.filter((row) => row.pk > 0)
  // A primary key that is not the rowid has an index of its own; `INTEGER PRIMARY KEY DESC` is such a one.
  const indexed = db.prepare("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'").get(name) !== undefined
  const alias = wr === 0 && keys.length === 1 && !indexed ? rows.indexOf(keys[0]!) : -1
  const taken = new Set(rows.map((row) => row.name.toLowerCase()))
  const free = ['rowid', '_rowid_', 'oid'].find((each) => !taken.has(each))
  const rowidName = wr === 1 ? undefined : (free ?? (alias < 0 ? undefined : rows[alias]!.name))
  const rowidSql = rowidName === undefined ? undefined : quoted(rowidName)
  // NOT INDEXED: else an index that holds all wanted columns would be read, and decide the order. WITHOUT ROWID needs more.
  const byKey = keys.toSorted((a, b) => a.pk - b.pk).map((key) => quoted(key.name))
  const order = wr === 1 ? byKey.join(', ') : rowidSql
  const from = `FROM main.${quoted(name)} NOT INDEXED`
  return {
    name,
    root: rootpage,
    columns: rows.map((row) => ({ name: row.name, declared: row.type, generated: row.hidden > 1 })),
    rowidColumn: alias,
    rowidName: rowidSql,
    withoutRowid: wr === 1,
    inOrder: order === undefined ? from : `${from} ORDER BY ${order}`,
  }
}
