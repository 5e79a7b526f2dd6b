/** Records byte by byte: varints, where values are, texts by their bytes. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localBytes } from '../../../parsers/sqlite/overflow.ts'
import { MISSING, Positions } from '../../../parsers/sqlite/record.ts'
import { TextCache } from '../../../parsers/sqlite/text-cache.ts'
import { varintAt, varintEnd } from '../../../parsers/sqlite/varint.ts'
import { StringPool } from '../../../trace/builder.ts'

/** The varint of a 64-bit integer as the file format says it, without regard to speed. */
function varint(value: bigint): number[] {
  const rest = BigInt.asUintN(64, value)
  if (rest >= 2n ** 56n) {
    const groups = Array.from({ length: 8 }, (_, i) => Number((rest >> BigInt(8 + 7 * (7 - i))) & 127n) | 128)
    return [...groups, Number(rest & 255n)]
  }
  const groups = [Number(rest & 127n)]
  for (let left = rest >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 127n) | 128)
  return groups
}

test('a varint of any 64-bit integer is the nearest double, and ends where it ends', () => {
  const edges = [0n, 127n, 128n, 2n ** 56n, 2n ** 56n - 1n, -1n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n]
  fc.assert(
    fc.property(
      fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...edges)),
      (value) => {
        const bytes = varint(value)
        expect(varintAt(Uint8Array.of(1, 2, ...bytes, 3), 2)).toBe(Number(value))
        expect(varintEnd).toBe(2 + bytes.length)
      },
    ),
    { seed: 1, numRuns: 500 },
  )
})

describe('positions', () => {
  // A header of 5 bytes, types 1, 23 (text of 5 bytes), 8, 6, then the values.
  const record = Uint8Array.of(99, 5, 1, 23, 8, 6, 42, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0, 0, 0, 0, 0, 0, 0, 9)
  const located = (slots: number[], row = 0): { types: number[]; offsets: number[] } => {
    const positions = new Positions(Int16Array.from(slots), 2)
    positions.locate(record, 1, record.length - 1, row)
    return { types: [...positions.types], offsets: [...positions.offsets] }
  }

  test('are those of the wanted values, row by row', () => {
    expect(located([-1, 0, -1, 1])).toEqual({ types: [23, 0, 6, 0], offsets: [7, 0, 12, 0] })
    expect(located([0], 1)).toEqual({ types: [0, 1], offsets: [0, 6] })
  })

  test('of columns that are younger than the record say so', () => {
    expect(located([-1, -1, -1, -1, -1, 0]).types).toEqual([MISSING, 0])
  })

  test('tell how much of a long record is needed', () => {
    const needed = (slots: number[], local: number): number =>
      new Positions(Int16Array.from(slots), 1).needed(record, 1, record.length - 1, local)
    expect(needed([0], 10)).toBe(6)
    expect(needed([-1, 0], 10)).toBe(11)
    expect(needed([0], 4)).toBe(record.length - 1)
  })
})

test('a record keeps on its leaf page what the file format says', () => {
  // Usable 512: at most 477 bytes, at least 39, else so many that the last overflow page of 508 bytes is full.
  expect([100, 477, 478, 39 + 508, 477 + 508, 478 + 508].map((payload) => localBytes(payload, 512))).toEqual([
    100, 477, 39, 39, 477, 39,
  ])
})

test('a text is found by its bytes alone, not by those of a longer text at the same place', () => {
  const pool = new StringPool()
  const cache = new TextCache(pool)
  // 40 × 128 prefixes, the longest first, in 4096 places: many a text meets one that it is the beginning of.
  for (let k = 0; k < 40; k++) {
    const bytes = Buffer.from(`${k} `.repeat(100))
    for (let length = 140; length >= 0; length--) {
      const index = cache.intern(bytes, 3, length)
      expect(pool.strings[index]).toBe(bytes.toString('utf8', 3, 3 + length))
      expect(cache.intern(bytes, 3, length)).toBe(index)
    }
  }
})
