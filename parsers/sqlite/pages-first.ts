/** Columns by the page reader; tables it cannot vouch for by SQLite. */
import { statSync } from 'node:fs'
import { WORTH_A_THREAD } from '../start-worker.ts'
import type { ColumnSource, ColumnsRead, ReadOptions, Wanted } from './column-source.ts'
import { beingWritten, stateOf } from './connect.ts'
import type { PageColumns } from './page-columns.ts'
import type { ReadAhead } from './read-ahead.ts'
import type { TableSchema } from './schema.ts'
import type { SqliteColumns } from './sqlite-columns.ts'
import { Unusual } from './unusual.ts'

export class PagesFirst implements ColumnSource {
  readonly reader = 'pages'
  readonly why: string[] = []
  readonly warnings = []
  readonly tables: ReadonlyMap<string, readonly string[]>
  readonly views: readonly string[]
  readonly #path: string
  readonly #bytes: number
  readonly #state: string
  readonly #schema: ReadonlyMap<string, TableSchema>
  readonly #pages: PageColumns
  readonly #sqlite: SqliteColumns
  readonly #counts = new Map<string, number>()
  readonly #ahead = new Map<string, { wanted: Wanted; reading: ReadAhead }>()

  /** Both readers over the same file; `close` closes `sqlite`. */
  constructor(
    path: string,
    schema: ReadonlyMap<string, TableSchema>,
    pages: PageColumns,
    sqlite: SqliteColumns,
  ) {
    this.tables = sqlite.tables
    this.views = sqlite.views
    this.#path = path
    this.#bytes = statSync(path).size
    this.#state = stateOf(path)
    this.#schema = schema
    this.#pages = pages
    this.#sqlite = sqlite
  }

  rowCount(table: string): number {
    const schema = this.#schema.get(table)
    if (schema === undefined) return 0
    const known = this.#counts.get(table)
    if (known !== undefined) return known
    const count = this.#either(
      table,
      () => this.#pages.rowCount(schema),
      () => this.#sqlite.rowCount(table),
    )
    this.#counts.set(table, count)
    return count
  }

  read<W extends Wanted>(table: string, wanted: W, options: ReadOptions): ColumnsRead<W> {
    const schema = this.#schema.get(table)
    const bySqlite = (): ColumnsRead<W> => this.#sqlite.read(table, wanted, options)
    if (schema === undefined) return bySqlite()
    const missing = this.#missing(schema, options)
    const byPages = (): ColumnsRead<W> =>
      this.#readAhead(table, wanted, options) ??
      (this.#pages.read(schema, wanted, { ...options, missing }) as ColumnsRead<W>)
    const read = this.#either(table, byPages, bySqlite)
    this.#counts.set(table, read.length)
    return read
  }

  readAhead(table: string, wanted: Wanted, base: bigint): void {
    const schema = this.#schema.get(table)
    if (schema === undefined || this.#bytes < WORTH_A_THREAD || this.#ahead.has(table)) return
    this.#ahead.set(table, { wanted, reading: this.#pages.readAhead(schema, wanted, base) })
  }

  close(): void {
    for (const { reading } of this.#ahead.values()) reading.close()
    this.#sqlite.close()
  }

  /** What a thread has read, if one was started for the same columns and could vouch for them. */
  #readAhead<W extends Wanted>(
    table: string,
    wanted: W,
    { progress }: ReadOptions,
  ): ColumnsRead<W> | undefined {
    const ahead = this.#ahead.get(table)
    if (ahead?.wanted !== wanted) return undefined
    this.#ahead.delete(table)
    return ahead.reading.take(progress) as ColumnsRead<W> | undefined
  }

  /** What SQLite says a column holds in a row that was written before the column was added. */
  #missing(schema: TableSchema, options: ReadOptions) {
    return (column: string, type: Wanted[string], rowid: number): number | bigint => {
      const value = this.#sqlite.valueOf(schema, column, type, rowid, options)
      if (value === undefined) throw new Unusual('a row cannot be found by its rowid')
      return value
    }
  }

  /** By the pages, or by SQLite when these are unusual. Throws `UserError` when another program changed the file. */
  #either<T>(table: string, byPages: () => T, bySqlite: () => T): T {
    try {
      const result = this.#unlessUnusual(table, byPages) ?? bySqlite()
      this.#requireUnchanged()
      return result
    } catch (error) {
      this.#requireUnchanged()
      throw error
    }
  }

  #unlessUnusual<T>(table: string, byPages: () => T): T | undefined {
    try {
      return byPages()
    } catch (error) {
      if (!(error instanceof Unusual)) throw error
      const reason = `table ${table}: ${error.message}`
      if (!this.why.includes(reason)) this.why.push(reason)
      return undefined
    }
  }

  /** SQLite keeps our read lock, but a program that is not SQLite does not see it. */
  #requireUnchanged(): void {
    if (stateOf(this.#path) !== this.#state) throw beingWritten(this.#path)
  }
}
