/** What a person is told about a file that cannot be read. */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import { StringPool } from '../../../trace/builder.ts'
import { UserError } from '../../../trace/errors.ts'
import { tried } from './same-columns.ts'

const folder = mkdtempSync(join(tmpdir(), 'refused-'))
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
describe('what is refused', () => {
  const refusal = (): string => {
    const error = tried(() => openColumns(path))
    expect(error).toBeInstanceOf(UserError)
    expect(tried(() => openSqliteColumns(path))).toEqual(error)
    return (error as UserError).message.replace(`${files - 1}.sqlite: `, '').replace(folder, '')
  }

  test.each([
    ['an empty file', '', 'empty file: the export did not run; run "nsys export" again'],
    [
      'a page that was never written',
      '\0'.repeat(4096),
      'its first page was never written: the export is still running, or was interrupted; wait or export again',
    ],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0',
      'a Git LFS pointer, not the file itself; fetch it with "git lfs pull"',
    ],
    [
      'a report',
      'NVIDIA Tegra Profiler Report 1.',
      'a report, not its export; run "nsys export --type sqlite" on it first',
    ],
    ['gzip', '\x1f\x8b\x08', 'compressed with gzip; unpack it first'],
    ['a web page', '\n<!doctype html>', 'a web page saved in place of the file; download the file itself'],
    ['JSON', '{"traceEvents": []}', 'JSON, not a SQLite database; open it as a JSON trace'],
    ['text', 'start,end', 'not a SQLite database; run "nsys export" again, or copy the file again'],
    [
      'half a header',
      'SQLite format 3\0',
      'cut short: 16 of 100 bytes are there; run "nsys export" again, or copy the file again',
    ],
  ])('%s', (_, content, message) => {
    writeFileSync(path, Buffer.from(content, 'latin1'))
    expect(refusal()).toBe(message)
  })

  test('a copy that was cut short, with the bytes that are missing', () => {
    build(table)
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, -1))
    expect(refusal()).toMatch(`cut short: ${bytes.length - 1} of ${bytes.length} bytes are there`)
  })

  test('a missing file, a folder and a pipe that nobody writes to', () => {
    expect(refusal()).toMatch('no such file; check the path')
    mkdirSync(path)
    expect(refusal()).toMatch('a folder or device, not a file')
    rmSync(path, { recursive: true })
    execFileSync('mkfifo', [path])
    expect(refusal()).toMatch('a folder or device, not a file')
  })

  test('a file that is being written', () => {
    build(table)
    const writer = new Database(path)
    writer.exec('BEGIN EXCLUSIVE')
    expect(refusal()).toMatch('still being written by another program')
    writer.close()
  })

  test('a file whose writer died with a journal beside it', () => {
    build(table)
    const writer = new Database(path)
    writer.pragma('cache_size = 1')
    writer.exec(`BEGIN; UPDATE t SET b = b || 'longer'`)
    const copy = join(folder, 'died.sqlite')
    for (const end of ['', '-journal']) copyFileSync(`${path}${end}`, `${copy}${end}`)
    writer.close()
    path = copy
    expect(existsSync(`${copy}-journal`)).toBe(true)
    expect(refusal()).toMatch('its writer was interrupted')
  })

  test('a file that another program changes while it is being read', () => {
    build(table)
    const source = openColumns(path)
    const progress = (): void => writeFileSync(path, readFileSync(path).fill(0, 8192))
    expect(() => source.read('t', { a: 'u32' }, { base: 0n, pool: new StringPool(), progress })).toThrow(
      /changed while it was being read/,
    )
    source.close()
  })

  test('a writer has to wait until the source is closed', () => {
    build(table)
    const source = openColumns(path)
    const writer = new Database(path, { timeout: 0 })
    expect(() => writer.exec('DELETE FROM t')).toThrow(/locked/)
    source.close()
    expect(() => writer.exec('DELETE FROM t')).not.toThrow()
    writer.close()
  })
})
