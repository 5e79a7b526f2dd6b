/**
 * How a column's values are written as bytes. A trace's columns are mostly small numbers in wide types, so a few plain
 * encodings make the store three to four times smaller and as much faster to write:
 *
 *   same:<n>          every value is n; no data
 *   raw               the typed array as it is
 *   u8/u16/u32+<base> value − base in fewer bytes            1000 1003 1001  →  base 1000, bytes 00 03 01
 *   or:u8/u16/u32+<base>   the same plus 1; 0 stands for the type's "absent"    1000 – 1003  →  bytes 01 00 04
 *   delta:u8/u16/u32+<first>   differences of an ascending column  10 15 40   →  first 10, bytes 05 19
 *
 * Only whole numbers are packed; a column with a fraction or NaN in it, and 64-bit ids, stay raw.
 */
import { arrayOver, elementOf, isOptional, newArray, sentinelOf } from '../trace/column.ts'
import type { ColumnArray, ColumnType } from '../trace/column.ts'

export interface Encoded {
  dtype: string
  data: Uint8Array
}

const PACKED = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const
type Packed = keyof typeof PACKED

/** The bytes of a column (or a part of one). */
export function encode(type: ColumnType, values: ColumnArray): Encoded {
  if (values instanceof BigInt64Array) return encodeBig(values)
  const absent = sentinelOf(type) as number
  const facts = factsOf(values, isOptional(type) ? absent : undefined)
  if (values.length > 0 && facts.min === facts.max && !facts.hasAbsent)
    return { dtype: `same:${facts.min}`, data: new Uint8Array(0) }
  if (facts.isWhole) {
    const width = values.BYTES_PER_ELEMENT
    if (facts.hasAbsent) {
      const packed = packFor(facts.max - facts.min + 1, width)
      return packed === undefined
        ? { dtype: 'raw', data: bytesOf(values) }
        : encodeWithAbsent(values as Float64Array, packed, facts.min, absent)
    }
    if (facts.isAscending) {
      const packed = packFor(facts.maxStep, width)
      if (packed !== undefined) return encodeDelta(values as Float64Array, packed)
    }
    const packed = packFor(facts.max - facts.min, width)
    if (packed !== undefined) return encodeOffset(values as Float64Array, packed, facts.min)
  }
  return { dtype: 'raw', data: bytesOf(values) }
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
  const isDelta = kind === 'delta'
  const mayBeAbsent = kind === 'or'
  const [packed, base] = splitOnce(isDelta || mayBeAbsent ? rest : dtype, '+')
  const from = new PACKED[packed as Packed](aligned(data))
  const values = newArray(type, length) as Float64Array
  const first = Number(base)
  if (isDelta) {
    let value = first
    values[0] = first
    for (let i = 1; i < length; i++) values[i] = value += from[i - 1]!
  } else if (mayBeAbsent) {
    const absent = sentinelOf(type) as number
    for (let i = 0; i < length; i++) values[i] = from[i] === 0 ? absent : from[i]! - 1 + first
  } else for (let i = 0; i < length; i++) values[i] = from[i]! + first
  return values
}

interface Facts {
  min: number
  max: number
  maxStep: number
  isWhole: boolean
  isAscending: boolean
  /** Some rows hold the type's sentinel; they count in none of the others. */
  hasAbsent: boolean
}

function factsOf(values: Exclude<ColumnArray, BigInt64Array>, absent: number | undefined): Facts {
  return values instanceof Float64Array ? factsOfDoubles(values, absent) : factsOfIntegers(values, absent)
}

const ODD: Facts = { min: 0, max: 1, maxStep: 0, isWhole: false, isAscending: false, hasAbsent: false }

function factsOfDoubles(values: Float64Array, absent: number | undefined): Facts {
  let min = Infinity
  let max = -Infinity
  let maxStep = 0
  let isAscending = true
  let hasAbsent = false
  let previous = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== value && absent !== undefined) {
      hasAbsent = true
      continue
    }
    // -0 would come back as 0; NaN and fractions do not survive a subtraction and back.
    if (!Number.isSafeInteger(value) || (value === 0 && 1 / value < 0)) return ODD
    if (value < min) min = value
    if (value > max) max = value
    if (value < previous) isAscending = false
    else if (i > 0 && value - previous > maxStep) maxStep = value - previous
    previous = value
  }
  return { min, max, maxStep, isWhole: min !== Infinity, isAscending, hasAbsent }
}

function factsOfIntegers(values: Exclude<ColumnArray, BigInt64Array>, absent: number | undefined): Facts {
  let min = Infinity
  let max = -Infinity
  let maxStep = 0
  let isAscending = true
  let hasAbsent = false
  let previous = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === absent) {
      hasAbsent = true
      continue
    }
    if (value < min) min = value
    if (value > max) max = value
    if (value < previous) isAscending = false
    else if (i > 0 && value - previous > maxStep) maxStep = value - previous
    previous = value
  }
  return { min, max, maxStep, isWhole: min !== Infinity, isAscending, hasAbsent }
}

const packFor = (span: number, width: number): Packed | undefined =>
  span < 2 ** 8 && width > 1
    ? 'u8'
    : span < 2 ** 16 && width > 2
      ? 'u16'
      : span < 2 ** 32 && width > 4
        ? 'u32'
        : undefined

function encodeDelta(values: Float64Array, packed: Packed): Encoded {
  const to = new PACKED[packed](Math.max(values.length - 1, 0))
  for (let i = 1; i < values.length; i++) to[i - 1] = values[i]! - values[i - 1]!
  return { dtype: `delta:${packed}+${values[0] ?? 0}`, data: bytesOf(to) }
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
