/** Single bytes of a row, damaged one at a time. */
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { check, newPath } from './damaged-file.ts'
import type { Outcome } from './damaged-file.ts'
import { TYPES } from './same-columns.ts'

/**
 * One leaf page of three rows, each `(1000, 'text', 2.5, NULL, 7)`, to be damaged in one known place:
 *
 *   at   0 payload 21 · 1 rowid · 2 header 6 · 3 types 02 15 07 00 01 · 8 value 03e8 · 10 "text" · 14 double · 22 byte
 */
describe('single bytes of a row', () => {
  /** The first row stands last on the page: 40 more bytes of text are not there. */
  const longer = (page: DataView): void => {
    const cell = page.getUint16(8)
    page.setUint8(cell, page.getUint8(cell) + 40)
    page.setUint8(cell + 4, page.getUint8(cell + 4) + 80)
  }
  /** The third cell pointer, at 12, says 13: there its own low byte is a payload of 13, with a record of a 7-byte blob. */
  const overPointers = (page: DataView): void => {
    const cell = [13, 3, 6, 0, 0, 0, 0, 26]
    page.setUint8(12, 0)
    for (const [i, byte] of cell.entries()) page.setUint8(13 + i, byte)
  }
  /** Payload 1, rowid 3, a header of one byte: every column is missing. */
  const tiny = (page: DataView): void => {
    page.setUint16(12, 509)
    for (const [i, byte] of [1, 3, 1].entries()) page.setUint8(509 + i, byte)
  }
  const cases: readonly (readonly [what: string, patch: (page: DataView, cell: number) => void, Outcome])[] =
    [
      ['untouched', () => undefined, 'read'],
      ['a header longer than its record', (page, cell) => page.setUint8(cell + 2, 60), 'refused'],
      [
        'a header that ends early, so that values are left over',
        (page, cell) => page.setUint8(cell + 2, 5),
        'refused',
      ],
      ['a header of no bytes', (page, cell) => page.setUint8(cell + 2, 0), 'read'],
      ['a text longer than its record', (page, cell) => page.setUint8(cell + 4, 0x7f), 'refused'],
      ['a text shorter than what is stored', (page, cell) => page.setUint8(cell + 4, 0x13), 'refused'],
      ['a double that is no number', (page, cell) => page.setUint32(cell + 14, 0x7ff80000), 'read'],
      ['a serial type that is reserved', (page, cell) => page.setUint8(cell + 6, 10), 'read'],
      ['a payload that leaves the page', (page, cell) => page.setUint8(cell, 0x7f), 'refused'],
      ['a record that adds up and leaves the page', longer, 'refused'],
      ['the rowid of the row before', (page, cell) => page.setUint8(cell + 1, 1), 'refused'],
      ['a cell among the cell pointers', (page) => page.setUint16(10, 9), 'refused'],
      ['a whole cell that begins among the cell pointers', overPointers, 'refused'],
      ['a cell in the last bytes of the page', (page) => page.setUint16(10, 509), 'refused'],
      ['a whole cell of three bytes, fewer than there can be', tiny, 'refused'],
      ['more cells than a page can hold', (page) => page.setUint16(3, 300), 'refused'],
      ['another kind of page', (page) => page.setUint8(0, 10), 'refused'],
    ]
  test.each(cases)('%s', (_, patch, outcome) => {
    const path = newPath()
    const db = new Database(path)
    db.pragma('page_size = 512')
    db.exec(`CREATE TABLE t(a, b, c, d, e); INSERT INTO t VALUES (1000, 'text', 2.5, NULL, 7)`)
    db.exec(`INSERT INTO t SELECT * FROM t; INSERT INTO t SELECT * FROM t LIMIT 1`)
    db.close()
    const bytes = Uint8Array.from(readFileSync(path))
    const page = new DataView(bytes.buffer, 512, 512)
    const cell = page.getUint16(10)
    expect([0, 1, 2, 3, 8, 22].map((at) => page.getUint8(cell + at))).toEqual([21, 2, 6, 2, 3, 7])
    patch(page, cell)
    // As every type, so that each loop over a column meets the damage.
    for (let seed = 0; seed < TYPES.length; seed++) expect(check(bytes, seed, () => true)).toEqual([outcome])
  })
})
