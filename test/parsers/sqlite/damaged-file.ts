/**
 * Damaged files. What is promised, for every file whatever its bytes and for every table and column of it:
 *
 *   1. Opening and reading end, with columns or with a UserError of one line; nothing else is thrown.
 *   2. Where SQLite refuses to read these columns, so does the page reader.
 *   3. Where both read them, they are the same.
 *   4. Where SQLite reads and the page reader refuses, a page is linked twice: damage SQLite does not look for.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect } from 'vitest'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import { UserError } from '../../../trace/errors.ts'
import { TYPES, answer, expectSame, tried, turned } from './same-columns.ts'

export const folder = mkdtempSync(join(tmpdir(), 'damage-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
/** A path where no file is yet. */
export const newPath = (): string => join(folder, `${files++}.sqlite`)

/** A new file with these bytes. */
export const pathOf = (bytes: Uint8Array): string => {
  const path = newPath()
  writeFileSync(path, bytes)
  return path
}

/** What came of reading a damaged file, for the test to know that it saw all kinds. */
export type Outcome = 'refused' | 'refused by the page reader only' | 'read'

const twoOfThree = (_: string, i: number, seed: number): boolean => (seed + i) % 3 !== 0

/** Reads all tables of a damaged file by both readers, some columns of each, and checks the four promises. */
export function check(bytes: Uint8Array, seed: number, wants = twoOfThree): Outcome[] {
  const path = pathOf(bytes)
  const ours = tried(() => openColumns(path))
  const theirs = tried(() => openSqliteColumns(path))
  try {
    if (ours instanceof UserError || theirs instanceof UserError) return [compare(ours, theirs)]
    expect([...ours.tables]).toEqual([...theirs.tables])
    return [...ours.tables].map(([table, columns], k) => {
      const some = columns.filter((name, i) => wants(name, i, seed))
      const wanted = turned(some, TYPES, seed + k)
      const a = tried(() => answer(ours, table, wanted, 0n))
      const b = tried(() => answer(theirs, table, wanted, 0n))
      if (a instanceof UserError || b instanceof UserError) return compare(a, b)
      expectSame(a, b, wanted, `${table} ${JSON.stringify(wanted)}`)
      return 'read'
    })
  } finally {
    if (!(ours instanceof UserError)) ours.close()
    if (!(theirs instanceof UserError)) theirs.close()
    rmSync(path)
  }
}

function compare(ours: unknown, theirs: unknown): Outcome {
  if (!(ours instanceof UserError))
    expect.fail(`SQLite refuses (${String(theirs)}), the page reader does not`)
  expect(ours.kind).toBe('bad-input')
  expect(ours.message).toMatch(/^\d+\.sqlite: [^\n]*; [^\n]*$/)
  if (theirs instanceof UserError) return 'refused'
  expect(ours.message).toContain('is linked twice')
  return 'refused by the page reader only'
}

/** Tables of several levels, long texts and all, in small pages: where links can be damaged there are many. */
export function traceLike(): Uint8Array {
  const path = newPath()
  const db = new Database(path)
  db.pragma('page_size = 512')
  db.exec(`
    CREATE TABLE StringIds(id INTEGER PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL(start INTEGER, end INTEGER, globalPid INTEGER, name INTEGER, note TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
      INSERT INTO StringIds SELECT i, 'name ' || i || iif(i % 10 = 0, printf('%.*c', i * 9, 'x'), '') FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
      INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL SELECT 1000 * i, 1000 * i + 500, 281479271677952, i % 400, NULL FROM n;`)
  db.close()
  return readFileSync(path)
}
