/** Whether the two readers agree on a file, to the last bit. */
import { expect } from 'vitest'
import type { ColumnSource, Wanted } from '../../../parsers/sqlite/column-source.ts'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import { StringPool } from '../../../trace/builder.ts'
import { NONE } from '../../../trace/column.ts'
import type { ColumnArray, ColumnType } from '../../../trace/column.ts'
import { UserError } from '../../../trace/errors.ts'

export const ELEMENTS = ['ns', 'f64', 'u8', 'u16', 'u32', 'i32', 'i64', 'string', 'row'] as const
export const TYPES: readonly ColumnType[] = ELEMENTS.flatMap((each) => [each, `${each}?`] as const)
/** None, and one as of 2026 in nanoseconds, which no double holds. */
export const BASES = [0n, 1_790_000_000_000_000_001n] as const

/** Everything a source says about a table when each of its columns is read as a type. */
export interface Answer {
  rows: number
  rowid: Float64Array
  columns: Record<string, ColumnArray>
  strings: readonly string[]
}

export function answer(source: ColumnSource, table: string, wanted: Wanted, base: bigint): Answer {
  const pool = new StringPool()
  const { length, rowid, columns } = source.read(table, wanted, { base, pool })
  const present = columns as Record<string, ColumnArray>
  for (const array of [rowid, ...Object.values(present)]) {
    expect(array.length).toBe(length)
    // A column may be stored as it is: no spare room behind it.
    expect(array.buffer.byteLength).toBe(array.byteLength)
  }
  return { rows: source.rowCount(table), rowid, columns: present, strings: pool.strings }
}

/** The answer, or the error a person would see. Any other error is a failure. */
export function tried<T>(body: () => T): T | UserError {
  try {
    return body()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

const bits = (array: ColumnArray): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength)

export function expectSame(ours: Answer, theirs: Answer, wanted: Wanted, what: string): void {
  expect(ours.rows, what).toBe(theirs.rows)
  expect(Object.keys(ours.columns), what).toEqual(Object.keys(theirs.columns))
  expect(bits(ours.rowid).equals(bits(theirs.rowid)), `${what} rowid`).toBe(true)
  // The readers meet texts in different orders, by column and by row, so the pools may number them differently.
  const index = new Map(theirs.strings.map((text, i) => [text, i]))
  expect(ours.strings.length, what).toBe(theirs.strings.length)
  const renumbered = Uint32Array.from(ours.strings, (text) => index.get(text)!)
  for (const [name, array] of Object.entries(ours.columns)) {
    const text = wanted[name]!.startsWith('string')
    const mine = text ? (array as Uint32Array).map((i) => (i === NONE ? NONE : renumbered[i]!)) : array
    const other = theirs.columns[name]!
    if (bits(mine).equals(bits(other))) continue
    const at = mine.findIndex((value: number | bigint, i: number) => !Object.is(value, other[i]))
    expect.fail(`${what}, ${name}[${at}]: ${mine[at]} by pages, ${other[at]} by SQLite`)
  }
}

/** Every column as another type: column k as type k + turn. After as many turns as types, each was each. */
export const turned = (columns: readonly string[], types: readonly ColumnType[], turn: number): Wanted =>
  Object.fromEntries(columns.map((name, k) => [name, types[(k + turn) % types.length]!]))

/** Tables with more rows are read in three turns only. */
const LONG = 3000

/**
 * Reads every table by both readers, its columns as each of these types in turn, or in some turns only. Returns what the
 * page reader left to SQLite.
 */
export function compareFile(
  path: string,
  types: readonly ColumnType[] = TYPES,
  { from, turns }: { from: number; turns: number } = { from: 0, turns: types.length },
): readonly string[] {
  const ours = openColumns(path)
  const theirs = openSqliteColumns(path)
  try {
    expect([...ours.tables]).toEqual([...theirs.tables])
    for (const [table, columns] of ours.tables) {
      const few = theirs.rowCount(table) > LONG ? Math.min(turns, 3) : turns
      for (let turn = from; turn < from + few; turn++) {
        const base = BASES[turn % BASES.length]!
        // Also with some columns only: the rest of the records is then not looked at.
        for (const some of turn % 5 === 0 ? [columns, columns.slice(turn % 7, (turn % 7) + 2)] : [columns]) {
          const wanted = turned(some, types, turn)
          const what = `${table} ${JSON.stringify(wanted)} − ${base}`
          expectSame(answer(ours, table, wanted, base), answer(theirs, table, wanted, base), wanted, what)
        }
      }
    }
    return ours.reader === 'pages' ? ours.why : [ours.reader, ...ours.why]
  } finally {
    ours.close()
    theirs.close()
  }
}
