import { expect, test } from 'vitest'
import { tableFrom } from '../../trace/builder.ts'
import { NONE, NONE_I32, NONE_I64, NONE_U16, NONE_U8 } from '../../trace/column.ts'
import { table } from '../../trace/table.ts'

const spec = table(
  'sample',
  { u8: 'u8?', u16: 'u16?', u32: 'u32?', i32: 'i32?', f64: 'f64?', i64: 'i64?' },
  {},
)
const ABSENT = {
  u8: Uint8Array.of(NONE_U8, NONE_U8),
  u16: Uint16Array.of(NONE_U16, NONE_U16),
  u32: Uint32Array.of(NONE, NONE),
  i32: Int32Array.of(NONE_I32, NONE_I32),
  f64: Float64Array.of(NaN, NaN),
  i64: BigInt64Array.of(NONE_I64, NONE_I64),
}

test('a column of which no row has a value is dropped, whatever its type', () => {
  expect(Object.keys(tableFrom(spec, ABSENT, 2))).toEqual(['length'])
})

test('a column is kept for a single value, whatever its type', () => {
  for (const name of Object.keys(ABSENT) as (keyof typeof ABSENT)[]) {
    if (name === 'i64') continue
    const column = ABSENT[name].slice()
    column[1] = 0
    expect(Object.keys(tableFrom(spec, { ...ABSENT, [name]: column }, 2))).toEqual(['length', name])
  }
  for (const value of [0n, 1n, -1n, 2n ** 31n, -(2n ** 31n), NONE_I64 + 1n, 2n ** 63n - 1n]) {
    const i64 = BigInt64Array.of(NONE_I64, value)
    expect(tableFrom(spec, { ...ABSENT, i64 }, 2).i64).toBe(i64)
  }
})
