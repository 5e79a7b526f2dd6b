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
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { openSqliteColumns } from '../../../parsers/sqlite/sqlite-columns.ts'
import { StringPool } from '../../../trace/builder.ts'
import { UserError } from '../../../trace/errors.ts'
import { anyDatabase, often, write } from './random-database.ts'
import { TYPES, answer, expectSame, tried, turned } from './same-columns.ts'

const folder = mkdtempSync(join(tmpdir(), 'damage-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const pathOf = (bytes: Uint8Array): string => {
  const path = join(folder, `${files++}.sqlite`)
  writeFileSync(path, bytes)
  return path
}

/** What came of reading a damaged file, for the test to know that it saw all kinds. */
type Outcome = 'refused' | 'refused by the page reader only' | 'read'

const twoOfThree = (_: string, i: number, seed: number): boolean => (seed + i) % 3 !== 0

/** Reads all tables of a damaged file by both readers, some columns of each, and checks the four promises. */
function check(bytes: Uint8Array, seed: number, wants = twoOfThree): Outcome[] {
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

/** Where bits are flipped: anywhere, where the structure is (the first bytes of a page), seldom in the file header. */
const flips = fc.array(
  fc.record({
    place: fc.constantFrom(...often('anywhere', 10), ...often('page start', 6), 'file header'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    within: fc.integer({ min: 0, max: 31 }),
    bit: fc.integer({ min: 0, max: 7 }),
  }),
  { minLength: 1, maxLength: 4 },
)

function flipped(
  bytes: Uint8Array,
  pageSize: number,
  changes: typeof flips extends fc.Arbitrary<infer F> ? F : never,
) {
  const copy = Uint8Array.from(bytes)
  for (const { place, at, within, bit } of changes) {
    const anywhere = Math.floor(at * copy.length)
    const page = Math.floor(anywhere / pageSize) * pageSize
    const structure = place === 'file header' ? 16 : page === 0 ? 100 : page
    copy[place === 'anywhere' ? Math.max(anywhere, 100) : structure + within]! ^= 1 << bit
  }
  return copy
}

const written = (database: Parameters<typeof write>[1]): Uint8Array => {
  const path = join(folder, `${files++}.whole.sqlite`)
  write(path, database)
  const bytes = readFileSync(path)
  rmSync(path)
  return bytes
}

/** Tables of several levels, long texts and all, in small pages: where links can be damaged there are many. */
function traceLike(): Uint8Array {
  const path = join(folder, `${files++}.trace.sqlite`)
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

describe('random damage', () => {
  test('flipped bits in a trace give the same columns by both readers, or a refusal', () => {
    const whole = traceLike()
    const seen = new Map<Outcome, number>()
    fc.assert(
      fc.property(flips, fc.nat(), (changes, seed) => {
        for (const outcome of check(flipped(whole, 512, changes), seed))
          seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 300), seed: Number(process.env.FUZZ_SEED ?? 5) },
    )
    if (process.env.FUZZ_RUNS !== undefined) console.log(seen)
    // A test in which nothing is refused, or nothing read, would show little.
    expect(Math.min(seen.get('refused') ?? 0, seen.get('read') ?? 0)).toBeGreaterThan(50)
  })

  test('flipped bits give the same columns by both readers, or a refusal by both', () => {
    const seen = new Map<Outcome, number>()
    fc.assert(
      fc.property(anyDatabase, fc.array(flips, { minLength: 8, maxLength: 8 }), (database, many) => {
        const whole = written(database)
        for (const [k, changes] of many.entries())
          for (const outcome of check(flipped(whole, database.pageSize, changes), k))
            seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 120), seed: Number(process.env.FUZZ_SEED ?? 7) },
    )
    expect(Math.min(seen.get('refused') ?? 0, seen.get('read') ?? 0)).toBeGreaterThan(100)
    if (process.env.FUZZ_RUNS !== undefined) console.log(seen)
  })

  test('a file cut at any place is refused', () => {
    fc.assert(
      fc.property(
        anyDatabase,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (database, part) => {
          const whole = written(database)
          const cut = whole.subarray(0, Math.floor(part * whole.length))
          const path = pathOf(cut)
          expect(() => openColumns(path)).toThrow(
            cut.length < 16 ? /empty file|not a SQLite database/ : /cut short/,
          )
          rmSync(path)
        },
      ),
      { numRuns: 200, seed: 11 },
    )
  })

  test('a cut file whose header was made to fit is read the same by both, or refused by both', () => {
    fc.assert(
      fc.property(
        anyDatabase,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (database, part) => {
          const whole = written(database)
          const pages = Math.max(1, Math.floor((part * whole.length) / database.pageSize))
          const cut = Uint8Array.from(whole.subarray(0, pages * database.pageSize))
          new DataView(cut.buffer).setUint32(28, pages)
          check(cut, pages)
        },
      ),
      { numRuns: 200, seed: 13 },
    )
  })
})

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
    const path = join(folder, `${files++}.rows.sqlite`)
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
