import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { parseHeader } from '../../../parsers/sqlite/header.ts'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { PageColumns } from '../../../parsers/sqlite/page-columns.ts'
import { PageFile } from '../../../parsers/sqlite/page-file.ts'
import { readSchema } from '../../../parsers/sqlite/schema.ts'
import { StringPool } from '../../../trace/builder.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-ahead-'))
afterAll(() => rmSync(folder, { recursive: true }))

const WANTED = { start: 'ns?', small: 'u32?', id: 'i64?', real: 'f64?' } as const
const OPTIONS = { base: 0n, pool: new StringPool() }

function database(name: string, rows: number): string {
  const path = join(folder, name)
  const db = new Database(path)
  db.exec('CREATE TABLE t(start INT, small INT, id INT, note TEXT, real REAL)')
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)')
  db.transaction(() => {
    for (let i = 0; i < rows; i++)
      insert.run(i * 1e10, i % 7 === 0 ? null : i % 300, BigInt(i) << 40n, `row ${i}`.repeat(i % 40), i / 3)
  })()
  db.close()
  return path
}

function pagesOf(path: string) {
  const bytes = readFileSync(path)
  const fd = openSync(path, 'r')
  const file = new PageFile(fd, parseHeader(new DataView(bytes.buffer, bytes.byteOffset), bytes.length))
  const db = new Database(path, { readonly: true })
  const table = readSchema(db).get('t')!
  db.close()
  return { pages: new PageColumns(file, (page) => new Error(`${page} twice`)), table }
}

const missing = (): never => expect.unreachable()

test('a thread reads what the page reader reads, and says how far it is', () => {
  const { pages, table } = pagesOf(database('whole.sqlite', 50_000))
  const told: number[] = []
  const ahead = pages.readAhead(table, WANTED, 5n).take((rows) => told.push(rows))
  expect(ahead).toEqual(pages.read(table, WANTED, { ...OPTIONS, base: 5n, missing }))
  expect(ahead?.length).toBe(50_000)
  expect(told.length).toBeGreaterThan(0)
})

test('a table that a thread cannot vouch for is left to the caller', () => {
  const path = database('damaged.sqlite', 5000)
  const bytes = readFileSync(path)
  const { table } = pagesOf(path)
  const page = new DataView(bytes.buffer, bytes.byteOffset).getUint32((table.root - 1) * 4096 + 8)
  bytes[(page - 1) * 4096] = 99
  writeFileSync(path, bytes)
  expect(pagesOf(path).pages.readAhead(table, WANTED, 0n).take()).toBeUndefined()
})

test('what the wait’s progress throws ends it', () => {
  const { pages, table } = pagesOf(database('cancelled.sqlite', 1000))
  const ahead = pages.readAhead(table, WANTED, 0n)
  const cancel = (): never => {
    throw new Error('cancelled')
  }
  expect(() => ahead.take(cancel)).toThrow('cancelled')
  ahead.close()
})

test('a large file is read ahead, and gives the same columns', () => {
  const path = join(folder, 'large.sqlite')
  const db = new Database(path)
  db.exec(`CREATE TABLE t(start INT, small INT, id INT, note TEXT, real REAL);
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
    INSERT INTO t SELECT i * 1000, i % 9, i << 33, substr('a note of eighty characters, to make the file as large as a thread is worth, sixty', 1, 80), 0.5 FROM n`)
  db.close()
  const source = openColumns(path)
  const plain = openColumns(path)
  source.readAhead!('t', WANTED, 0n)
  expect(source.read('t', WANTED, OPTIONS)).toEqual(plain.read('t', WANTED, OPTIONS))
  source.close()
  plain.close()
})
