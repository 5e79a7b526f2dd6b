/**
 * Reading columns out of a SQLite file: the one door through which nsys exports are read.
 *
 * Two readers stand behind it and give identical results: `sqlite-columns.ts` asks SQLite; `page-columns.ts` walks the
 * b-tree pages itself and decodes straight into typed arrays. Anything unusual in a file is left to the first.
 * `open.ts` chooses; docs/sqlite.md says what is promised of damaged files.
 */
import type { ColumnType } from '../../trace/column.ts'
import type { StringPool } from '../../trace/builder.ts'

/**
 * How a wanted column is decoded. NULL becomes the type's sentinel, `?` or not (0 where a type without `?` has none to
 * spare: u8, u16, u32, i32, ns, f64 without `?`). So does what the type cannot hold: a number outside its range, a
 * fraction among integers, a text among numbers, anything but a text among strings.
 *
 *   ns, ns?         INTEGER minus `base`, exact; its range ends before ±2^53
 *   i64             INTEGER in full (as SQLite stores it, two's complement)
 *   f64             INTEGER or REAL, the nearest double
 *   string          TEXT, interned into the pool; an index into it. Invalid UTF-8 becomes U+FFFD
 *   others          INTEGER
 *
 * A whole REAL counts as the INTEGER it equals.
 */
export type Wanted = Readonly<Record<string, ColumnType>>

export interface ColumnsRead<W extends Wanted = Wanted> {
  /** Rows in the table. */
  length: number
  /** The rowid of each row, ascending; in a table without rowids, 1, 2, 3, … in the order of its primary key. */
  rowid: Float64Array
  /** One array a wanted column the table has; a wanted column it has not is missing here. */
  columns: { [K in keyof W]?: import('../../trace/column.ts').ArrayOf<W[K]> }
}

export interface ColumnSource {
  /** Who reads the rows: the page reader, or SQLite. */
  readonly reader: 'pages' | 'sqlite'
  /** Why SQLite reads the file, or some of its tables, one sentence each; grows while tables are read. */
  readonly why: readonly string[]
  /** What may be missing in the file, one sentence each, for the person who opened it. */
  readonly warnings: readonly string[]
  /** Every ordinary table: its columns by their declared names, in the file's order. No views, no `sqlite_…` tables. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /** Views, which are not read. */
  readonly views: readonly string[]
  /** Rows of a table; 0 when it is not there. Looks at all its pages, unless it was read before. */
  rowCount(table: string): number
  /**
   * Reads columns of one table in rowid order. A table that is not there has length 0. Throws `UserError` when the table is
   * damaged or the file changes meanwhile; what `progress` throws ends the reading.
   */
  read<W extends Wanted>(table: string, wanted: W, options: ReadOptions): ColumnsRead<W>
  /**
   * Starts reading a table in a thread of its own, where that is worth while; `read` with the same wanted columns then
   * waits for it. Only for columns of numbers: texts share the caller's pool.
   */
  readAhead?(table: string, wanted: Wanted, base: bigint): void
  close(): void
}

export interface ReadOptions {
  /** Subtracted from `ns` columns. */
  base: bigint
  /** Takes the texts, in no certain order. */
  pool: StringPool
  /** Called now and then with the rows read so far; from the start again when SQLite takes over. */
  progress?: (rows: number) => void
}
