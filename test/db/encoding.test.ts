import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode } from '../../db/encoding.ts'
import { newArray } from '../../trace/column.ts'
import type { ColumnArray, ColumnType } from '../../trace/column.ts'

const roundTrip = (type: ColumnType, values: ColumnArray): ColumnArray => {
  const encoded = encode(type, values)
  // SQLite hands out buffers that start anywhere: decode from an odd offset.
  const moved = new Uint8Array(encoded.data.length + 1)
  moved.set(encoded.data, 1)
  return decode(type, { dtype: encoded.dtype, data: moved.subarray(1) }, values.length)
}

const numbers: Record<string, fc.Arbitrary<number>> = {
  u8: fc.nat(0xff),
  u16: fc.nat(0xffff),
  u32: fc.oneof(fc.nat(0xffffffff), fc.nat(300)),
  i32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  ns: fc.oneof(fc.maxSafeInteger(), fc.nat(1000)),
  'u8?': fc.oneof(fc.nat(0xff), fc.constant(0xff)),
  'u32?': fc.oneof(fc.nat(300), fc.constant(0xffffffff), fc.nat(0xffffffff)),
  'i32?': fc.oneof(fc.nat(300), fc.constant(-(2 ** 31))),
  'f64?': fc.oneof(fc.nat(1e6), fc.constant(NaN), fc.constant(1e15)),
  f64: fc.oneof(fc.double(), fc.nat(1000), fc.constant(-0), fc.constant(NaN)),
}

test.each(Object.entries(numbers))('a %s column comes back exactly', (type, number) => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 50 }), fc.boolean(), (list, isSorted) => {
      const values = newArray(type as ColumnType, list.length) as Float64Array
      values.set(isSorted ? list.toSorted((a, b) => a - b) : list)
      const back = roundTrip(type as ColumnType, values)
      expect(back).toEqual(values)
      for (const [i, value] of values.entries()) expect(Object.is(back[i], value)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('an i64 column comes back exactly', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 20 }),
      (list) => {
        const values = BigInt64Array.from(list)
        expect(roundTrip('i64', values)).toEqual(values)
      },
    ),
  )
})

test('an ascending column of times takes a byte a row where steps are short', () => {
  const { dtype, data } = encode('ns', Float64Array.of(1e12, 1e12 + 200, 1e12 + 220, 1e12 + 400))
  expect(dtype).toBe('delta:u8+1000000000000')
  expect([...data]).toEqual([200, 20, 180])
})

test('a column that mostly ascends takes a byte a row, too', () => {
  const { dtype, data } = encode('u32', Uint32Array.of(70_000, 70_200, 70_150, 70_300, 70_400))
  expect(dtype).toBe('step:u8+70000+-50')
  expect([...data]).toEqual([250, 0, 200, 150])
})

test('a column of which few rows hold a value is written as those', () => {
  const values = new Float64Array(100).fill(NaN)
  values[17] = 0.5
  const { dtype, data } = encode('f64?', values)
  expect([dtype, data.length]).toEqual(['few:1', 12])
  expect(decode('f64?', { dtype, data }, 100)).toEqual(values)
})
