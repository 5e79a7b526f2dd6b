/**
 * Reading columns out of a SQLite file: the one door through which nsys exports are read.
 *
 * Two readers stand behind it and give identical results: `sqlite-columns.ts` asks SQLite; `page-columns.ts` walks the
 * b-tree pages itself and decodes straight into typed arrays. Anything unusual in a file is left to the first.
 */
import type { ColumnType } from '../../trace/column.ts'
import type { StringPool } from '../../trace/builder.ts'

/**
 * How a wanted column is decoded. NULL becomes the type's sentinel, `?` or not (0 where a type without `?` has none to
 * spare: u8, u16, u32, i32, ns, f64 without `?`). A number outside the type's range becomes the sentinel as well.
 *
 *   ns, ns?         INTEGER minus `base`, exact while |value − base| < 2^53
 *   i64             INTEGER in full (as SQLite stores it, two's complement)
 *   string          TEXT, interned into the pool; an index into it
 *   others          INTEGER or REAL
 */
export type Wanted = Readonly<Record<string, ColumnType>>

export interface ColumnsRead<W extends Wanted = Wanted> {
  /** Rows in the table. */
  length: number
  /** The rowid of each row, ascending. */
  rowid: Float64Array
  /** One array a wanted column the table has; a wanted column it has not is missing here. */
  columns: { [K in keyof W]?: import('../../trace/column.ts').ArrayOf<W[K]> }
}

export interface ColumnSource {
  /** Who reads the rows: the page reader, or SQLite. */
  readonly reader: 'pages' | 'sqlite'
  /** Why SQLite reads the file, or some of its tables, one sentence each; grows while tables are read. */
  readonly why: readonly string[]
  /** Every table: its columns by their declared names, in the file's order. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /** Rows of a table; 0 when it is not there. */
  rowCount(table: string): number
  /** Reads columns of one table in rowid order. A table that is not there has length 0. */
  read<W extends Wanted>(table: string, wanted: W, options: ReadOptions): ColumnsRead<W>
  close(): void
}

export interface ReadOptions {
  /** Subtracted from `ns` columns. */
  base: bigint
  pool: StringPool
  /** Called now and then with the rows read so far. */
  progress?: (rows: number) => void
}
