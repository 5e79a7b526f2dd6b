/**
 * The column reader that asks SQLite: slower than the page reader, and right on every file SQLite can read.
 */
import { newArray } from '../../trace/column.ts'
import type { ColumnArray, ColumnType } from '../../trace/column.ts'
import type { ColumnSource, ColumnsRead, ReadOptions, Wanted } from './column-source.ts'
import { connect } from './connect.ts'
import type { Connection } from './connect.ts'
import { GrowingColumns } from './growing.ts'
import { quoted, readSchema, viewsOf } from './schema.ts'
import type { TableSchema } from './schema.ts'
import { malformed, translating } from './sqlite-error.ts'
import { ask } from './sqlite-values.ts'
import type { Asked, RawRow } from './sqlite-values.ts'

/** Rows between two calls of `progress`. */
const PROGRESS_ROWS = 65_536
/** The least a row can take of a file: a two-byte cell pointer and a four-byte cell. */
const ROW_BYTES = 6
/** Opens a SQLite file for reading by columns. Throws `UserError('bad-input')` when SQLite cannot read it. */
export function openSqliteColumns(path: string): ColumnSource {
  const connection = connect(path)
  try {
    return new SqliteColumns(
      path,
      connection,
      translating(path, () => readSchema(connection.db)),
      connection.oddities,
    )
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Columns over a connection, which `close` closes. */
export class SqliteColumns implements ColumnSource {
  readonly reader = 'sqlite'
  readonly why: readonly string[]
  readonly warnings: readonly string[]
  readonly tables: ReadonlyMap<string, readonly string[]>
  readonly views: readonly string[]
  readonly #path: string
  readonly #connection: Connection
  readonly #schema: ReadonlyMap<string, TableSchema>
  /** More rows than this cannot be: the file's pages are then linked in a circle. */
  readonly #mostRows: number

  constructor(
    path: string,
    connection: Connection,
    schema: ReadonlyMap<string, TableSchema>,
    why: readonly string[],
  ) {
    this.#path = path
    this.#connection = connection
    this.#schema = schema
    const pages = connection.db.pragma('page_count', { simple: true }) as number
    const pageSize = connection.db.pragma('page_size', { simple: true }) as number
    this.#mostRows = Math.ceil((pages * pageSize) / ROW_BYTES)
    this.why = why
    this.warnings = connection.warnings
    this.views = translating(path, () => viewsOf(connection.db))
    this.tables = new Map([...schema].map(([name, table]) => [name, table.columns.map((each) => each.name)]))
  }

  rowCount(table: string): number {
    const schema = this.#schema.get(table)
    if (schema === undefined) return 0
    const sql = `SELECT count(*) FROM (SELECT 1 ${schema.inOrder} LIMIT ?)`
    const count = translating(this.#path, () =>
      this.#connection.db
        .prepare(sql)
        .pluck()
        .get(this.#mostRows + 1),
    )
    return this.#plausible(count as number)
  }

  read<W extends Wanted>(table: string, wanted: W, options: ReadOptions): ColumnsRead<W> {
    const schema = this.#schema.get(table)
    if (schema === undefined) return { length: 0, rowid: new Float64Array(), columns: {} }
    const names = Object.keys(wanted).filter((name) => schema.columns.some((each) => each.name === name))
    const types = names.map((name) => wanted[name]!)
    const asked = names.map((name, k) => ask(quoted(name), types[k]!, options.pool))
    const read = translating(this.#path, () => {
      const into = new GrowingColumns(types, this.#guess(schema))
      const length = this.#fill(schema, asked, into, options)
      into.cut(length)
      return { into, length }
    })
    const columns: Record<string, ColumnArray> = {}
    for (const [k, name] of names.entries()) columns[name] = read.into.arrays[k]!
    return { length: read.length, rowid: read.into.rowid, columns } as ColumnsRead<W>
  }

  /** One value, decoded as `type`. Undefined when there is no such row. */
  valueOf(
    { name, rowidName }: TableSchema,
    column: string,
    type: ColumnType,
    rowid: number,
    { base, pool }: ReadOptions,
  ): number | bigint | undefined {
    const asked = ask(quoted(column), type, pool)
    const sql = `SELECT ${asked.sql.join(', ')} FROM main.${quoted(name)} NOT INDEXED WHERE ${rowidName} = @rowid`
    const bound = asked.based ? { rowid: BigInt(rowid), base } : { rowid: BigInt(rowid) }
    const row = translating(this.#path, () => this.#connection.db.prepare(sql).raw().get(bound))
    if (row === undefined) return undefined
    const array = newArray(type, 1)
    asked.store(array, 0, row as RawRow, 0)
    return array[0]
  }

  close(): void {
    this.#connection.close()
  }

  /** Runs the query and stores every row; returns how many there were. */
  #fill(schema: TableSchema, asked: readonly Asked[], into: GrowingColumns, options: ReadOptions): number {
    const rowid = schema.rowidName
    const expressions = [rowid ?? 'NULL', ...asked.flatMap((each) => each.sql)]
    const sql = `SELECT ${expressions.join(', ')} ${schema.inOrder}`
    const statement = this.#connection.db.prepare(sql).raw()
    const bound = asked.some((each) => each.based) ? [{ base: options.base }] : []
    let length = 0
    let last = -Infinity
    for (const row of statement.iterate(...bound) as Iterable<RawRow>) {
      const id = rowid === undefined ? length + 1 : (row[0] as number)
      // Not "<=": two rowids beyond 2^53 may be the same double.
      if (id < last || (id === last && Math.abs(id) < 2 ** 53))
        throw malformed(this.#path, 'rows out of order')
      into.ensure(length + 1)
      into.rowid[length] = last = id
      let at = 1
      for (let k = 0; k < asked.length; k++) {
        asked[k]!.store(into.arrays[k]!, length, row, at)
        at += asked[k]!.sql.length
      }
      if (++length % PROGRESS_ROWS === 0) options.progress?.(this.#plausible(length))
    }
    options.progress?.(length)
    return this.#plausible(length)
  }

  /** About how many rows there are: exact when none was deleted. */
  #guess({ name, rowidName }: TableSchema): number {
    if (rowidName === undefined) return 1024
    const table = `main.${quoted(name)}`
    const sql = `SELECT (SELECT max(${rowidName}) FROM ${table}) - (SELECT min(${rowidName}) FROM ${table}) + 1`
    return Math.min((this.#connection.db.prepare(sql).pluck().get() as number | null) ?? 0, this.#mostRows)
  }

  #plausible(rows: number): number {
    if (rows > this.#mostRows) throw malformed(this.#path, 'more rows than fit into the file')
    return rows
  }
}
