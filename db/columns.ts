/**
 * A trace's tables as column chunks, and back. Loading is lazy: a column is read from the store when it is first looked at.
 */
import type Database from 'better-sqlite3'
import { emptyTable } from '../trace/builder.ts'
import { isOptional, newArray } from '../trace/column.ts'
import type { ColumnArray, ColumnType } from '../trace/column.ts'
import { columnsOf } from '../trace/table.ts'
import type { AnyTable, TableSpec } from '../trace/table.ts'
import { specOf, tableNames } from '../trace/tables.ts'
import type { Trace, TraceMeta } from '../trace/trace.ts'
import { decode, encode } from './encoding.ts'
import type { Encoded } from './encoding.ts'

/** Rows in a chunk: 8 MiB of doubles, so that a 10 M-row column never needs one blob of 80 MB. */
const CHUNK_ROWS = 1 << 20

/** Under this name the string pool is stored, as one JSON array. */
const STRINGS = 'string'

/** One column to be stored. */
export interface StoredColumn {
  table: string
  name: string
  type: ColumnType
  values: ColumnArray
}

/** A column's rows from `chunk` · CHUNK_ROWS on, as they are stored. */
export interface EncodedChunk extends Encoded {
  table: string
  name: string
  chunk: number
  length: number
}

/** Makes chunks of columns, which it may use up. */
export type EncodeColumns = (columns: readonly StoredColumn[]) => Iterable<EncodedChunk>

export const encodeColumns: EncodeColumns = function* (columns) {
  for (const { table, name, type, values } of columns)
    for (let chunk = 0; chunk * CHUNK_ROWS < values.length; chunk++) {
      const part = values.subarray(chunk * CHUNK_ROWS, (chunk + 1) * CHUNK_ROWS) as ColumnArray
      yield { table, name, chunk, length: part.length, ...encode(type, part) }
    }
}

/** Writes all columns of a trace. Must run inside a transaction. */
export function writeColumns(
  database: Database.Database,
  run: number | bigint,
  trace: Trace,
  encoding: EncodeColumns = encodeColumns,
): void {
  const insert = database.prepare(
    'INSERT INTO column_chunk (run_id, table_name, column_name, chunk, dtype, length, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const columns = tableNames.flatMap((table) =>
    Object.entries(columnsOf(specOf(table), trace[table])).map(([name, values]) => {
      return { table, name, type: specOf(table).columns[name]!, values }
    }),
  )
  for (const { table, name, chunk, dtype, length, data } of encoding(columns))
    insert.run(run, table, name, chunk, dtype, length, data)
  const text = Buffer.from(JSON.stringify(trace.strings))
  insert.run(run, STRINGS, 'text', 0, 'json', trace.strings.length, text)
}

interface Chunk {
  chunk: number
  dtype: string
  length: number
  data: Buffer
}

/** The trace of a run, its columns read when first used. `lengths` are the tables' row counts. */
export function lazyTrace(
  database: Database.Database,
  run: number,
  meta: TraceMeta,
  lengths: Readonly<Record<string, number>>,
): Trace {
  const select = database.prepare<[number, string, string], Chunk>(
    'SELECT chunk, dtype, length, data FROM column_chunk WHERE run_id = ? AND table_name = ? AND column_name = ? ORDER BY chunk',
  )
  const load = (table: string, column: string, type: ColumnType, length: number): ColumnArray | undefined => {
    const chunks = select.all(run, table, column)
    if (chunks.length === 0) return undefined
    if (chunks.length === 1) return decode(type, chunks[0]!, chunks[0]!.length)
    const whole = newArray(type, length) as Float64Array
    let at = 0
    for (const chunk of chunks) {
      whole.set(decode(type, chunk, chunk.length) as Float64Array, at)
      at += chunk.length
    }
    return whole
  }
  const trace: Record<string, unknown> = { meta }
  lazily(trace, 'strings', () => {
    const chunk = select.get(run, STRINGS, 'text')
    return chunk === undefined ? [''] : (JSON.parse(chunk.data.toString()) as string[])
  })
  for (const name of tableNames) trace[name] = lazyTable(specOf(name), lengths[name] ?? 0, load)
  return trace as unknown as Trace
}

function lazyTable(
  spec: TableSpec,
  length: number,
  load: (table: string, column: string, type: ColumnType, length: number) => ColumnArray | undefined,
): AnyTable {
  if (length === 0) return emptyTable(spec)
  const contents: Record<string, unknown> & { length: number } = { length }
  for (const [column, type] of Object.entries(spec.columns))
    lazily(
      contents,
      column,
      () => load(spec.name, column, type, length) ?? (isOptional(type) ? undefined : newArray(type, length)),
    )
  return contents
}

/** A property that is computed when first read, and is a plain value from then on. */
function lazily(target: object, name: string, compute: () => unknown): void {
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = compute()
      Object.defineProperty(target, name, { value, enumerable: true })
      return value
    },
  })
}
