/** Which reader a file gets, and that it reads it right. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import { StringPool } from '../../../trace/builder.ts'
import { compareFile } from './same-columns.ts'

const folder = mkdtempSync(join(tmpdir(), 'open-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
let path = ''
beforeEach(() => {
  path = join(folder, `${files++}.sqlite`)
})

const build = (...statements: string[]): void => {
  const db = new Database(path)
  for (const sql of statements) db.exec(sql)
  db.close()
}
const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)`
const table = `CREATE TABLE t(a INTEGER, b TEXT); ${rows} INSERT INTO t SELECT i, 'row ' || i FROM n`

describe('what is read by pages', () => {
  test('pages with reserved bytes at their end', () => {
    const db = new Database(path)
    db.pragma('page_size = 1024')
    db.exec('VACUUM')
    db.close()
    // An empty database of one page, whose header then says: 40 bytes of every page are not for content.
    const bytes = readFileSync(path)
    bytes[20] = 40
    bytes.writeUInt16BE(1024 - 40, 105)
    writeFileSync(path, bytes)
    build(table, `INSERT INTO t SELECT i, printf('%.*c', i, 'y') FROM (SELECT a AS i FROM t WHERE a > 2900)`)
    expect(readFileSync(path)[20]).toBe(40)
    expect(compareFile(path)).toEqual([])
  })

  test('records whose header is longer than 127 bytes, or than what stands on the leaf page', () => {
    const columns = Array.from({ length: 300 }, (_, i) => `c${i}`)
    const values = columns.map((_, i) => (i % 7 === 0 ? `'${'text'.repeat(i)}'` : `${i * i * i}`))
    build(
      'PRAGMA page_size = 512',
      `CREATE TABLE t(${columns.join(', ')})`,
      ...[0, 1, 2].map(() => `INSERT INTO t VALUES (${values.join(', ')})`),
    )
    expect(compareFile(path, ['u32', 'string'])).toEqual([])
  })

  test('columns added later, with a text, a number, a blob and nothing as default', () => {
    build(
      table,
      `ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'später'`,
      `ALTER TABLE t ADD COLUMN d INTEGER NOT NULL DEFAULT 9007199254740993`,
      `ALTER TABLE t ADD COLUMN e REAL DEFAULT 7`,
      `ALTER TABLE t ADD COLUMN f`,
      `INSERT INTO t VALUES (1, 'x', 'y', 2, 3.5, 4)`,
    )
    expect(compareFile(path)).toEqual([])
    const source = openColumns(path)
    const pool = new StringPool()
    const { columns } = source.read('t', { c: 'string', d: 'i64' }, { base: 0n, pool })
    expect([pool.strings[columns.c![0]!], columns.d![0], columns.d![3000]]).toEqual([
      'später',
      9007199254740993n,
      2n,
    ])
    source.close()
  })

  test('columns named like what every JavaScript object has', () => {
    build('CREATE TABLE t("constructor", "__proto__", "toString", a)', 'INSERT INTO t VALUES (1, 2, 3, 4)')
    const source = openColumns(path)
    const { columns } = source.read('t', { a: 'u32' }, { base: 0n, pool: new StringPool() })
    expect(columns).toEqual({ a: Uint32Array.of(4) })
    source.close()
  })

  test('a table of which nearly all rows were deleted', () => {
    build(table, 'DELETE FROM t WHERE a % 500 <> 0', 'INSERT INTO t(rowid, a) VALUES (9007199254740990, 5)')
    expect(compareFile(path)).toEqual([])
  })
})

test('progress is told in rows, and what it throws ends the reading, by either reader', () => {
  build(
    `CREATE TABLE t(a INTEGER, b TEXT)`,
    `${rows} INSERT INTO t SELECT x.i, hex(zeroblob(50)) FROM n x, n y WHERE y.i < 40`,
  )
  for (const open of [openColumns, openSqliteColumns]) {
    const source = open(path)
    const told: number[] = []
    const read = (progress: (rows: number) => void) =>
      source.read('t', { a: 'u32' }, { base: 0n, pool: new StringPool(), progress })
    read((done) => told.push(done))
    expect(told.length).toBeGreaterThan(1)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBe(3000 * 39)
    const stop = new Error('cancelled')
    expect(() =>
      read(() => {
        throw stop
      }),
    ).toThrow(stop)
    expect(read(() => undefined).length).toBe(3000 * 39)
    source.close()
  }
})

describe('what is left to SQLite', () => {
  const left = (): readonly string[] => compareFile(path, ['u32', 'i64?', 'ns', 'string'])

  test('text in UTF-16', () => {
    build("PRAGMA encoding = 'UTF-16'", table)
    expect(left()).toEqual(['sqlite', 'its text is not UTF-8'])
  })

  test('a file that vacuums itself', () => {
    build('PRAGMA auto_vacuum = FULL', table)
    expect(left()).toEqual(['sqlite', 'it vacuums itself'])
  })

  test('a file whose name ends in white space, which better-sqlite3 would cut off', () => {
    build(table)
    renameSync(path, `${path} `)
    path = `${path} `
    expect(left()).toEqual(['sqlite', 'its name ends in white space'])
  })

  test('a file with bytes behind its last page', () => {
    build(table)
    appendFileSync(path, 'more')
    expect(left()).toEqual(['sqlite', 'its size is not what its header says'])
  })

  test('single tables: WITHOUT ROWID, computed columns, hidden or huge rowids', () => {
    build(
      table,
      'CREATE TABLE a(k TEXT PRIMARY KEY, v) WITHOUT ROWID',
      'INSERT INTO a SELECT b, a FROM t',
      'CREATE TABLE b(v, w AS (v + 1), x AS (v * 2) STORED)',
      'INSERT INTO b(v) SELECT a FROM t',
      'CREATE TABLE c(rowid, oid, _rowid_)',
      'INSERT INTO c SELECT a, a, a FROM t',
      'CREATE TABLE d(v)',
      'INSERT INTO d(rowid, v) VALUES (9007199254740993, 1), (9007199254740992, 2)',
    )
    expect(left()).toEqual([
      'table a: it is WITHOUT ROWID',
      'table b: its column w is computed',
      'table c: its columns hide the rowid',
      'table d: its rowids are beyond 2^53',
    ])
  })

  test('a REAL column in which another program put an integer that is no double', () => {
    build('CREATE TABLE t(v INTEGER)', 'INSERT INTO t VALUES (9007199254740993), (5)')
    const db = new Database(path)
    db.unsafeMode()
    db.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t(v REAL)'`)
    db.close()
    expect(left()).toEqual(['table t: a REAL column holds a wide integer'])
  })
})

describe('a file in WAL mode', () => {
  const count = (): number => {
    const source = openColumns(path)
    try {
      expect(source.reader).toBe('sqlite')
      return source.read('t', { a: 'u32' }, { base: 0n, pool: new StringPool() }).length
    } finally {
      source.close()
    }
  }

  test('is read with the rows of its -wal file, and nothing is left beside it', () => {
    const at = join(folder, 'wal')
    mkdirSync(at)
    const writer = new Database(path)
    writer.pragma('journal_mode = WAL')
    writer.exec(table)
    writer.pragma('wal_checkpoint(TRUNCATE)')
    writer.exec('INSERT INTO t VALUES (1, 2)')
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, join(at, `x.sqlite${end}`))
    writer.close()
    path = join(at, 'x.sqlite')
    expect(count()).toBe(3001)
    expect(readdirSync(at)).toEqual(['x.sqlite', 'x.sqlite-wal'])
    rmSync(`${path}-wal`)
    expect(count()).toBe(3000)
    expect(readdirSync(at)).toEqual(['x.sqlite'])
    const source = openColumns(path)
    expect(source.why.at(-1)).toMatch(/without its -wal file: rows that were only there are missing/)
    expect(source.warnings).toEqual([expect.stringMatching(/without its -wal file: rows that were only/)])
    source.close()
  })

  test('behind a link is read with the rows of the -wal file that stands beside it', () => {
    const at = join(folder, 'linked')
    mkdirSync(at)
    const writer = new Database(path)
    writer.pragma('journal_mode = WAL')
    writer.exec(table)
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, join(at, `x.sqlite${end}`))
    writer.close()
    path = join(folder, 'link.sqlite')
    symlinkSync(join(at, 'x.sqlite'), path)
    expect(count()).toBe(3000)
  })
})
