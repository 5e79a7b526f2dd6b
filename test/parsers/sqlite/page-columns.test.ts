/** The page reader gives what SQLite gives, on real exports and on generated databases. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { anyDatabase, write } from './random-database.ts'
import { TYPES, compareFile } from './same-columns.ts'

const shared = process.env.PARALLAX_SHARED || undefined

/** Each element type once, half of them optional: the real files are many and long. */
const ONE_EACH = ['ns?', 'f64', 'u8?', 'u16', 'u32?', 'i32?', 'i64', 'string?', 'row'] as const

describe.skipIf(shared === undefined)('real exports (skipped: PARALLAX_SHARED is not set)', () => {
  const folder = join(shared ?? '', 'traces')
  const entries = shared === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = entries.filter((name) => name.endsWith('.sqlite'))
  test('there are some', () => expect(files.length).toBeGreaterThan(0))
  test.each(files)('%s reads the same', (file) => {
    expect(compareFile(join(folder, file), ONE_EACH)).toEqual([])
  })
})

describe('generated databases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pages-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let files = 0

  /** What is left to SQLite, by what of it; a healthy table must not be left for looking damaged. */
  const ALLOWED =
    /^(sqlite|it vacuums itself|its text is not UTF-8|table table \d: (it is WITHOUT ROWID|its column \w+ is computed|its columns hide the rowid|its rowids are beyond 2\^53))$/

  test('every table of every random database reads the same by pages and by SQLite', () => {
    let tables = 0
    let left = 0
    fc.assert(
      fc.property(anyDatabase, (database) => {
        const path = join(folder, `${files++}.sqlite`)
        write(path, database)
        const why = compareFile(path, TYPES, { from: 5 * files, turns: 5 })
        for (const each of why) expect(each).toMatch(ALLOWED)
        tables += database.tables.length
        left += why.includes('sqlite') ? database.tables.length : why.length
        rmSync(path)
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 150), seed: Number(process.env.FUZZ_SEED ?? 20_260_401) },
    )
    // Else the test would compare SQLite with itself.
    expect(left / tables).toBeLessThan(0.5)
  })
})
