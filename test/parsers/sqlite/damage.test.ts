/** Random damage, anywhere in random databases, and what is promised of it (see `damaged-file.ts`). */
import { readFileSync, rmSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openColumns } from '../../../parsers/sqlite/open.ts'
import { check, newPath, pathOf, traceLike } from './damaged-file.ts'
import type { Outcome } from './damaged-file.ts'
import { anyDatabase, often, write } from './random-database.ts'

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
  const path = newPath()
  write(path, database)
  const bytes = readFileSync(path)
  rmSync(path)
  return bytes
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
