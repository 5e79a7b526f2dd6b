/** Pages linked in circles: no reader may follow them for ever. */
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import { StringPool } from '../../../trace/builder.ts'
import { pathOf, traceLike } from './damaged-file.ts'
import { answer } from './same-columns.ts'

describe('pages linked in circles', () => {
  const PAGE = 512
  /** An interior page with two children, a cell's and the right one; any key will do. */
  const interior = (bytes: Uint8Array, page: number, child: number, right: number): void => {
    const base = (page - 1) * PAGE + (page === 1 ? 100 : 0)
    const view = new DataView(bytes.buffer)
    const cell = PAGE - 8
    bytes[base] = 5
    view.setUint16(base + 1, 0)
    view.setUint16(base + 3, 1)
    view.setUint16(base + 5, cell)
    view.setUint32(base + 8, right)
    view.setUint16(base + 12, cell)
    view.setUint32((page - 1) * PAGE + cell, child)
    bytes[(page - 1) * PAGE + cell + 4] = 1
  }
  const rootOf = (bytes: Uint8Array, table: string): number => {
    const path = pathOf(bytes)
    const db = new Database(path)
    const root = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table)
    db.close()
    rmSync(path)
    return root as number
  }
  const pagesOf = (bytes: Uint8Array): number[] =>
    Array.from({ length: bytes.length / PAGE }, (_, i) => i + 1)
  const reading = (bytes: Uint8Array, open: typeof openColumns, table: string) => () => {
    const source = open(pathOf(bytes))
    try {
      return answer(source, table, { value: 'string', start: 'ns' }, 0n)
    } finally {
      source.close()
    }
  }
  const kernels = 'CUPTI_ACTIVITY_KIND_KERNEL'

  test('a page that is its own child is refused', () => {
    const bytes = Uint8Array.from(traceLike())
    const root = rootOf(bytes, kernels)
    interior(bytes, root, root, root)
    expect(reading(bytes, openColumns, kernels)).toThrow(/page \d+ is linked twice/)
    expect(reading(bytes, openSqliteColumns, kernels)).toThrow(/damaged/)
  })

  test('a tree of 18 levels that share all their pages, 262 144 ways to its one leaf, is refused at once', () => {
    const bytes = Uint8Array.from(traceLike())
    const root = rootOf(bytes, kernels)
    const leaf = pagesOf(bytes).findLast((page) => bytes[(page - 1) * PAGE] === 13)!
    interior(bytes, root, 200, 200)
    for (let page = 200; page < 217; page++) interior(bytes, page, page + 1, page + 1)
    interior(bytes, 217, leaf, leaf)
    expect(reading(bytes, openColumns, kernels)).toThrow(/page 200 is linked twice/)
    expect(reading(bytes, openSqliteColumns, kernels)).toThrow(/rows out of order/)
  })

  test('a schema whose page is its own child is refused before SQLite sees it', () => {
    const bytes = Uint8Array.from(traceLike())
    interior(bytes, 1, 1, 1)
    expect(reading(bytes, openColumns, kernels)).toThrow(/page 1 is linked twice/)
    // Also in a file whose tables would be left to SQLite.
    bytes[18] = bytes[19] = 2
    expect(reading(bytes, openColumns, kernels)).toThrow(/page 1 is linked twice/)
  })

  test('a long text whose overflow page goes on in itself is refused, by SQLite it is read', () => {
    const bytes = Uint8Array.from(traceLike())
    // The longest text, id 400: 3600 times "x". Its chain has pages full of them.
    const full = (page: number): boolean =>
      bytes.subarray((page - 1) * PAGE + 4, page * PAGE).every((byte) => byte === 0x78)
    const next = (page: number): number => new DataView(bytes.buffer).getUint32((page - 1) * PAGE)
    const page = pagesOf(bytes).find((each) => full(each) && next(each) > 0 && full(next(each)))!
    new DataView(bytes.buffer).setUint32((page - 1) * PAGE, page)
    expect(reading(bytes, openColumns, 'StringIds')).toThrow(`page ${page} is linked twice`)
    expect(reading(bytes, openSqliteColumns, 'StringIds')).not.toThrow()
    // The columns before it need no overflow page, so nothing is wrong with them.
    const source = openColumns(pathOf(bytes))
    expect(source.read('StringIds', { id: 'u32' }, { base: 0n, pool: new StringPool() }).length).toBe(400)
    source.close()
  })
})
