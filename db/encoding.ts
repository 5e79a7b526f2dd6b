/**
 * How a column's values are written as bytes. A trace's columns are mostly small numbers in wide types, so a few plain
 * encodings make the store four to five times smaller and as much faster to write:
 *
 *   same:<n>          every value is n; no data
 *   raw               the typed array as it is
 *   u8/u16/u32+<base> value − base in fewer bytes            1000 1003 1001  →  base 1000, bytes 00 03 01
 *   or:u8/u16/u32+<base>   the same plus 1; 0 stands for the type's "absent"    1000 – 1003  →  bytes 01 00 04
 *   delta:u8/u16/u32+<first>   differences of an ascending column  10 15 40   →  first 10, bytes 05 19
 *   step:u8/u16/u32+<first>+<least>   differences less the least one  10 9 40   →  first 10, least −1, bytes 00 20
 *   few:<n>           n rows hold a value: their positions (u32), then their values; all others are absent
 *
 * Only whole numbers are packed; a column with a fraction or NaN in it, and 64-bit ids, stay raw.
 */
import { arrayOver, elementOf, isOptional, newArray, sentinelOf } from '../trace/column.ts'
import type { ColumnArray, ColumnType } from '../trace/column.ts'
import { factsOf } from './column-facts.ts'

export interface Encoded {
  dtype: string
  data: Uint8Array
}

const PACKED = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const
type Packed = keyof typeof PACKED
const bytesIn = (packed: Packed): number => PACKED[packed].BYTES_PER_ELEMENT

/** A column is written as positions and values where at most one row in this many holds a value. */
const FEW = 16

/** The bytes of a column (or a part of one). */
export function encode(type: ColumnType, values: ColumnArray): Encoded {
  if (values instanceof BigInt64Array) return encodeBig(values)
  const sentinel = isOptional(type) ? (sentinelOf(type) as number) : undefined
  const { min, max, minStep, maxStep, absent, isWhole } = factsOf(values, sentinel)
  if (absent > 0 && (values.length - absent) * FEW <= values.length)
    return encodeFew(values, values.length - absent, sentinel!)
  if (!isWhole || values.length === 0) return { dtype: 'raw', data: bytesOf(values) }
  const width = values.BYTES_PER_ELEMENT
  if (absent > 0) {
    const packed = packFor(max - min + 1, width)
    return packed === undefined
      ? { dtype: 'raw', data: bytesOf(values) }
      : encodeWithAbsent(values as Float64Array, packed, min, sentinel!)
  }
  if (min === max) return { dtype: `same:${min}`, data: new Uint8Array(0) }
  const offset = packFor(max - min, width)
  const least = minStep >= 0 ? 0 : minStep
  // Steps between values 2^53 apart are no longer exact.
  const step = max - min <= Number.MAX_SAFE_INTEGER ? packFor(maxStep - least, width) : undefined
  if (step !== undefined && (offset === undefined || bytesIn(step) < bytesIn(offset)))
    return encodeSteps(values as Float64Array, step, least)
  return offset === undefined
    ? { dtype: 'raw', data: bytesOf(values) }
    : encodeOffset(values as Float64Array, offset, min)
}

/** The column again. Exactly what was encoded. */
export function decode(type: ColumnType, encoded: Encoded, length: number): ColumnArray {
  const { dtype, data } = encoded
  const [kind, rest = ''] = splitOnce(dtype, ':')
  if (kind === 'same') {
    const values = newArray(type, length)
    values.fill((elementOf(type) === 'i64' ? BigInt(rest) : Number(rest)) as never)
    return values as ColumnArray
  }
  if (dtype === 'raw') return arrayOver(type, aligned(data)) as ColumnArray
  if (kind === 'few') return decodeFew(type, data, Number(rest), length)
  const isDelta = kind === 'delta' || kind === 'step'
  const mayBeAbsent = kind === 'or'
  const [packed = '', base, least = '0'] = (isDelta || mayBeAbsent ? rest : dtype).split('+')
  const from = new PACKED[packed as Packed](aligned(data))
  const values = newArray(type, length) as Float64Array
  const first = Number(base)
  if (isDelta) {
    const add = Number(least)
    let value = first
    values[0] = first
    for (let i = 1; i < length; i++) values[i] = value += from[i - 1]! + add
  } else if (mayBeAbsent) {
    const absent = sentinelOf(type) as number
    for (let i = 0; i < length; i++) values[i] = from[i] === 0 ? absent : from[i]! - 1 + first
  } else for (let i = 0; i < length; i++) values[i] = from[i]! + first
  return values
}

const packFor = (span: number, width: number): Packed | undefined =>
  span < 2 ** 8 && width > 1
    ? 'u8'
    : span < 2 ** 16 && width > 2
      ? 'u16'
      : span < 2 ** 32 && width > 4
        ? 'u32'
        : undefined

/** Written as `delta` where no step goes down, which older versions read, too. */
function encodeSteps(values: Float64Array, packed: Packed, least: number): Encoded {
  const to = new PACKED[packed](values.length - 1)
  for (let i = 1; i < values.length; i++) to[i - 1] = values[i]! - values[i - 1]! - least
  const head = `${packed}+${values[0]!}`
  return { dtype: least === 0 ? `delta:${head}` : `step:${head}+${least}`, data: bytesOf(to) }
}

function encodeFew(values: Exclude<ColumnArray, BigInt64Array>, count: number, sentinel: number): Encoded {
  const width = values.BYTES_PER_ELEMENT
  const data = new Uint8Array(count * (4 + width))
  const at = new Uint32Array(data.buffer, 0, count)
  const held = values.slice(0, count)
  let n = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === sentinel || value !== value) continue
    at[n] = i
    held[n++] = value
  }
  data.set(bytesOf(held), 4 * count)
  return { dtype: `few:${count}`, data }
}

function decodeFew(type: ColumnType, data: Uint8Array, count: number, length: number): ColumnArray {
  const values = newArray(type, length) as Float64Array
  values.fill(sentinelOf(type) as number)
  const at = new Uint32Array(aligned(data.subarray(0, 4 * count)))
  const held = arrayOver(type, aligned(data.subarray(4 * count))) as Float64Array
  for (let i = 0; i < count; i++) values[at[i]!] = held[i]!
  return values
}

function encodeOffset(values: Float64Array, packed: Packed, min: number): Encoded {
  const to = new PACKED[packed](values.length)
  for (let i = 0; i < values.length; i++) to[i] = values[i]! - min
  return { dtype: `${packed}+${min}`, data: bytesOf(to) }
}

function encodeWithAbsent(values: Float64Array, packed: Packed, min: number, absent: number): Encoded {
  const to = new PACKED[packed](values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    to[i] = value === absent || value !== value ? 0 : value - min + 1
  }
  return { dtype: `or:${packed}+${min}`, data: bytesOf(to) }
}

function encodeBig(values: BigInt64Array): Encoded {
  const first = values[0]
  return first !== undefined && values.every((value) => value === first)
    ? { dtype: `same:${first}`, data: new Uint8Array(0) }
    : { dtype: 'raw', data: bytesOf(values) }
}

const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** A copy in a buffer of its own: what SQLite returns may start at any byte. */
const aligned = (data: Uint8Array): ArrayBuffer => {
  const copy = new ArrayBuffer(data.byteLength)
  new Uint8Array(copy).set(data)
  return copy
}

const splitOnce = (text: string, at: string): [string, string] => {
  const i = text.indexOf(at)
  return i < 0 ? [text, ''] : [text.slice(0, i), text.slice(i + 1)]
}
