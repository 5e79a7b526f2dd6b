/** Reading columns through SQLite: every storage class into every type, odd names, 64 bits, broken files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import type { Wanted } from '../../../parsers/sqlite/column-source.ts'
import { StringPool } from '../../../trace/builder.ts'
import { NONE, NONE_I32, NONE_I64, NONE_U16, NONE_U8 } from '../../../trace/column.ts'

const folder = mkdtempSync(join(tmpdir(), 'columns-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const fileOf = (...statements: string[]): string => {
  const path = join(folder, `${files++}.sqlite`)
  const db = new Database(path)
  for (const sql of statements) db.exec(sql)
  db.close()
  return path
}

const readOne = <W extends Wanted>(path: string, table: string, wanted: W, base = 0n) => {
  const source = openSqliteColumns(path)
  const pool = new StringPool()
  try {
    return { ...source.read(table, wanted, { base, pool }), pool, rows: source.rowCount(table) }
  } finally {
    source.close()
  }
}

/** A table whose one column `v` has no type, so that it keeps every value as it is given. */
const values = (...sql: string[]): string =>
  fileOf('CREATE TABLE t(v)', `INSERT INTO t VALUES ${sql.map((each) => `(${each})`).join(',')}`)

const column = (sql: string[], type: Wanted[string], base = 0n): (number | bigint)[] => [
  ...readOne(values(...sql), 't', { v: type }, base).columns.v!,
]

describe('values', () => {
  test('small integers outside their range, fractions, text and NULL are absent', () => {
    const given = ['0', '254', '255', '256', '-1', '7.0', '7.5', "'12'", "x'01'", 'NULL']
    const no = NONE_U8
    expect(column(given, 'u8?')).toEqual([0, 254, 255, no, no, 7, no, no, no, no])
    expect(column(given, 'u8')).toEqual([0, 254, 255, 0, 0, 7, 0, 0, 0, 0])
    expect(column(['65535', '65536', 'NULL'], 'u16?')).toEqual([65535, NONE_U16, NONE_U16])
    expect(column(['4294967294', '4294967296', '-1'], 'u32?')).toEqual([4294967294, NONE, NONE])
    expect(column(['-2147483647', '2147483648', 'NULL'], 'i32?')).toEqual([-2147483647, NONE_I32, NONE_I32])
    expect(column(['3', 'NULL'], 'row')).toEqual([3, NONE])
  })

  test('a 64-bit id keeps every bit, negative ones too', () => {
    const ids = [-1n, 1n, 2n ** 63n - 1n, -(2n ** 63n), 281_501_854_335_232n, 2n ** 53n + 1n, -(2n ** 32n)]
    // SQL reads -9223372036854775808 as a minus before a number too large for an integer.
    const given = ids.map((id) => (id === NONE_I64 ? '-9223372036854775807 - 1' : `${id}`))
    expect(column([...given, 'NULL', '5.0', '5.5', "'9'", '9.3e18'], 'i64')).toEqual([
      ...ids,
      NONE_I64,
      5n,
      NONE_I64,
      NONE_I64,
      NONE_I64,
    ])
  })

  test('an epoch-sized time minus its base is exact to the nanosecond', () => {
    const base = 1_800_000_000_000_000_001n
    const given = [
      '1800000000000000001',
      '1800000000000000002',
      '1799999999999999999',
      '-9223372036854775807',
    ]
    expect(column(given, 'ns?', base)).toEqual([0, 1, -2, NaN])
    expect(column(['NULL', '1', '2.0', '2.5', "'3'"], 'ns', 1n)).toEqual([0, 0, 1, 0, 0])
    expect(column(['9007199254740991', '9007199254740992'], 'ns?')).toEqual([2 ** 53 - 1, NaN])
  })

  test('doubles come as they are, integers as the nearest double', () => {
    expect(column(['1.5', '9007199254740993', '9e999', 'NULL', "'1'"], 'f64?')).toEqual([
      1.5,
      9007199254740992,
      Infinity,
      NaN,
      NaN,
    ])
  })

  test('text is interned once, with its zero bytes, newlines and bad UTF-8', () => {
    const path = values(
      "'a'",
      "'a'",
      "''",
      "'x' || char(0) || 'y'",
      "CAST(x'ff41' AS TEXT)",
      '1',
      'NULL',
      "x'41'",
    )
    const { columns, pool } = readOne(path, 't', { v: 'string' })
    expect(Array.from(columns.v!)).toEqual([1, 1, 0, 2, 3, NONE, NONE, NONE])
    expect(pool.strings).toEqual(['', 'a', 'x\0y', '\ufffdA'])
  })
})

describe('tables', () => {
  test('names with quotes, spaces and keywords are reached; views and foreign indices are not in the way', () => {
    const path = fileOf(
      `CREATE TABLE "a ""b"" [c]"("select" INTEGER, "x y" TEXT, "@base" INTEGER)`,
      `INSERT INTO "a ""b"" [c]" VALUES (2, 'two', 5), (1, 'one', 6)`,
      `CREATE INDEX i ON "a ""b"" [c]"("select", "@base")`,
      `CREATE VIEW v AS SELECT 1`,
    )
    const source = openSqliteColumns(path)
    expect([...source.tables]).toEqual([['a "b" [c]', ['select', 'x y', '@base']]])
    source.close()
    const { columns, rows } = readOne(path, 'a "b" [c]', { select: 'u8', '@base': 'i64', missing: 'u8' })
    expect(columns).toEqual({ select: Uint8Array.of(2, 1), '@base': BigInt64Array.of(5n, 6n) })
    expect(rows).toBe(2)
  })

  test('rows come by rowid even when columns took its names; without rowids they are counted from 1', () => {
    const path = fileOf(
      'CREATE TABLE a(rowid TEXT, _rowid_ TEXT)',
      "INSERT INTO a(oid, rowid) VALUES (7, 'x'), (-3, 'y')",
      'CREATE TABLE b(rowid, _rowid_, id INTEGER PRIMARY KEY, oid)',
      'INSERT INTO b(id) VALUES (9), (4)',
      'CREATE TABLE c(k TEXT PRIMARY KEY, n) WITHOUT ROWID',
      "INSERT INTO c VALUES ('z', 1), ('a', 2)",
    )
    expect(Array.from(readOne(path, 'a', {}).rowid)).toEqual([-3, 7])
    expect(Array.from(readOne(path, 'b', { id: 'u8' }).columns.id!)).toEqual([4, 9])
    const c = readOne(path, 'c', { n: 'u8' })
    expect([Array.from(c.rowid), Array.from(c.columns.n!)]).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  test('a table that is not there has no rows, an empty one has its columns', () => {
    const path = fileOf('CREATE TABLE t(v)')
    expect(readOne(path, 'none', { v: 'u8' })).toMatchObject({ length: 0, rows: 0, columns: {} })
    expect(readOne(path, 't', { v: 'u8' }).columns.v).toEqual(new Uint8Array())
  })
})

describe('broken files', () => {
  test('a file that is no database is refused in one line', () => {
    const path = join(folder, 'no.sqlite')
    writeFileSync(path, 'not a database, but long enough to look at'.repeat(40))
    expect(() => openSqliteColumns(path)).toThrow(/^no.sqlite: not a SQLite database[^\n]*$/)
  })

  test('a file another program is writing is refused as such', () => {
    const path = values('1')
    const writer = new Database(path)
    writer.exec('BEGIN EXCLUSIVE')
    try {
      expect(() => openSqliteColumns(path)).toThrow(/still being written/)
    } finally {
      writer.close()
    }
  })
})
