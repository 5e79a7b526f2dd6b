/**
 * Second step of reading rows: one wanted column of the rows just located, straight into its typed array.
 *
 * A 64-bit integer is taken as two halves, which doubles hold exactly:
 *
 *   1 800 000 000 000 000 001 − base 1 800 000 000 000 000 000
 *   = (0x18FAE27693B40000 …) → (high − baseHigh) · 2^32 + (low − baseLow) = 0 · 2^32 + 1 = 1
 *
 * What each stored value becomes is said in `values.ts`.
 */
import { elementOf } from '../../trace/column.ts'
import type { ColumnArray, ColumnType } from '../../trace/column.ts'
import { MISSING } from './record.ts'
import type { Positions } from './record.ts'
import type { TextCache } from './text-cache.ts'
import { EXACT, HIGH, LOW, RANGES, absentOf, fromInteger } from './values.ts'

/** Decodes the `count` rows located last; the first becomes row `row` of `array`. */
export type Decode = (
  bytes: Uint8Array,
  view: DataView,
  count: number,
  array: ColumnArray,
  row: number,
) => void

export interface DecodeContext {
  positions: Positions
  /** Which of the wanted values in `positions` the column is. */
  slot: number
  base: bigint
  texts: TextCache
  /** The column's value in a row whose record is older than the column. */
  missing: (row: number) => number | bigint
}

const TWO_32 = 0x100000000

/** Whether a serial type is an integer that fits 32 bits: 1 to 4, 8, 9. */
const isSmall = (type: number): boolean => type >= 1 && type <= 9 && (type <= 4 || type >= 8)

/** The integer of such a type. */
const smallAt = (bytes: Uint8Array, type: number, at: number): number => {
  switch (type) {
    case 1:
      return (bytes[at]! << 24) >> 24
    case 2:
      return ((bytes[at]! << 24) >> 16) | bytes[at + 1]!
    case 3:
      return ((bytes[at]! << 24) >> 8) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    case 4:
      return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    default:
      return type - 8
  }
}

/** How to decode a column as `type`. */
export function decoderOf(type: ColumnType, context: DecodeContext): Decode {
  const element = elementOf(type)
  const range = RANGES[element]
  const rare = rareOf(type, context)
  if (range !== undefined) return ranged(range, rare, context)
  if (element === 'ns') return times(absentOf(type) as number, rare, context)
  if (element === 'i64') return ids(rare, context)
  if (element === 'f64') return doubles(rare, context)
  return texts(rare, context)
}

/** A value of a serial type that the column's own loop does not expect. */
type Rare = (type: number, view: DataView, at: number, row: number) => never

/** Typed `never` so that it may be stored in any array: numbers and BigInts go where they belong. */
function rareOf(type: ColumnType, { base, missing }: DecodeContext): Rare {
  const absent = absentOf(type)
  const exact = fromInteger(type, base)
  return ((serial, view, at, row) => {
    if (serial === MISSING) return missing(row)
    const real = serial === 7 ? view.getFloat64(at) : NaN
    const whole = Number.isInteger(real) && real >= -(2 ** 63) && real < 2 ** 63
    return whole ? exact(BigInt(real)) : absent
  }) as (...values: Parameters<Rare>) => number | bigint as Rare
}

const ranged =
  ([min, max]: readonly [number, number], rare: Rare, { positions, slot }: DecodeContext): Decode =>
  (bytes, view, count, array, row) => {
    const { types, offsets } = positions
    const from = slot * positions.stride
    const out = array as Uint32Array
    for (let i = 0; i < count; i++) {
      const type = types[from + i]!
      const at = offsets[from + i]!
      if (isSmall(type)) {
        const value = smallAt(bytes, type, at)
        out[row + i] = value >= min && value <= max ? value : rare(0, view, at, row + i)
      } else if (type === 5 || type === 6) {
        const value = wideAt(view, type, at)
        out[row + i] = value >= min && value <= max ? value : rare(0, view, at, row + i)
      } else out[row + i] = rare(type, view, at, row + i)
    }
  }

/** The nearest double to an integer of 6 or 8 bytes. */
const wideAt = (view: DataView, type: number, at: number): number =>
  type === 5
    ? view.getInt16(at) * TWO_32 + view.getUint32(at + 2)
    : view.getInt32(at) * TWO_32 + view.getUint32(at + 4)

function times(absent: number, rare: Rare, { positions, slot, base }: DecodeContext): Decode {
  const baseHigh = Number(base >> 32n)
  const baseLow = Number(base & 0xffffffffn)
  return (bytes, view, count, array, row) => {
    const { types, offsets } = positions
    const from = slot * positions.stride
    const out = array as Float64Array
    for (let i = 0; i < count; i++) {
      const type = types[from + i]!
      const at = offsets[from + i]!
      let high = 0
      let low = 0
      if (type === 5) {
        high = view.getInt16(at)
        low = view.getUint32(at + 2)
      } else if (type === 6) {
        high = view.getInt32(at)
        low = view.getUint32(at + 4)
      } else if (isSmall(type)) {
        const value = smallAt(bytes, type, at)
        high = value >> 31
        low = value >>> 0
      } else {
        out[row + i] = rare(type, view, at, row + i)
        continue
      }
      const value = (high - baseHigh) * TWO_32 + (low - baseLow)
      out[row + i] = value < EXACT && value > -EXACT ? value : absent
    }
  }
}

const ids =
  (rare: Rare, { positions, slot }: DecodeContext): Decode =>
  (bytes, view, count, array, row) => {
    const { types, offsets } = positions
    const from = slot * positions.stride
    const halves = new Int32Array(array.buffer)
    for (let i = 0; i < count; i++) {
      const type = types[from + i]!
      const at = offsets[from + i]!
      const to = 2 * (row + i)
      if (type === 6) {
        halves[to + HIGH] = view.getInt32(at)
        halves[to + LOW] = view.getInt32(at + 4)
      } else if (type === 5) {
        halves[to + HIGH] = view.getInt16(at)
        halves[to + LOW] = view.getInt32(at + 2)
      } else if (isSmall(type)) {
        const value = smallAt(bytes, type, at)
        halves[to + HIGH] = value >> 31
        halves[to + LOW] = value
      } else array[row + i] = rare(type, view, at, row + i)
    }
  }

const doubles =
  (rare: Rare, { positions, slot }: DecodeContext): Decode =>
  (bytes, view, count, array, row) => {
    const { types, offsets } = positions
    const from = slot * positions.stride
    const out = array as Float64Array
    for (let i = 0; i < count; i++) {
      const type = types[from + i]!
      const at = offsets[from + i]!
      if (type === 7) {
        const value = view.getFloat64(at)
        out[row + i] = Number.isNaN(value) ? rare(0, view, at, row + i) : value
      } else if (isSmall(type)) out[row + i] = smallAt(bytes, type, at)
      else if (type === 5 || type === 6) out[row + i] = wideAt(view, type, at)
      else out[row + i] = rare(type, view, at, row + i)
    }
  }

const texts =
  (rare: Rare, { positions, slot, texts: cache }: DecodeContext): Decode =>
  (bytes, view, count, array, row) => {
    const { types, offsets } = positions
    const from = slot * positions.stride
    const out = array as Uint32Array
    for (let i = 0; i < count; i++) {
      const type = types[from + i]!
      const at = offsets[from + i]!
      if (type >= 13 && (type & 1) === 1) out[row + i] = cache.intern(bytes, at, (type - 13) >> 1)
      else out[row + i] = rare(type, view, at, row + i)
    }
  }
