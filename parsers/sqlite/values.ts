/**
 * What a SQLite value becomes in a column of a given type: the rules both readers share.
 *
 *   stored                       u8 u16 u32 i32 row     ns                 i64       f64        string
 *   INTEGER in range             itself                 minus the base     itself    nearest    absent
 *   REAL, whole, within int64    as that INTEGER                                     itself     absent
 *   REAL, any other              absent                 absent             absent    itself     absent
 *   TEXT                         absent                 absent             absent    absent     pool index
 *   NULL, NaN, BLOB              absent                 absent             absent    absent     absent
 *
 * "Absent" is the type's sentinel, or 0 for a required type whose sentinel is a value it may hold (a `u8` may be 255).
 */
import { elementOf, isOptional, sentinelOf } from '../../trace/column.ts'
import type { ColumnType, ElementType } from '../../trace/column.ts'

/** 2^53: a double tells apart all integers below it. An `ns` as large or larger is out of range. */
export const EXACT = 2 ** 53

/** What stands for "no value" in a column of this type when it is read from a file. */
export const absentOf = (type: ColumnType): number | bigint => {
  const element = elementOf(type)
  const spare = element === 'i64' || element === 'string' || element === 'row'
  return isOptional(type) || spare ? sentinelOf(type) : 0
}

/** Least and greatest integer of an element type that is read as a plain integer. */
export const RANGES: Partial<Record<ElementType, readonly [min: number, max: number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i32: [-0x80000000, 0x7fffffff],
  row: [0, 0xffffffff],
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
/** In an Int32Array over 64-bit integers: where the low half of integer i is, after 2 i. */
export const LOW = littleEndian ? 0 : 1
/** Where its high half is. */
export const HIGH = littleEndian ? 1 : 0

/** What an INTEGER becomes in a column of this type. For values met one at a time; whole columns have loops of their own. */
export function fromInteger(type: ColumnType, base: bigint): (value: bigint) => number | bigint {
  const element = elementOf(type)
  const absent = absentOf(type)
  const range = RANGES[element]
  if (element === 'i64') return (value) => value
  if (element === 'f64') return Number
  if (element === 'ns')
    return (value) => {
      const time = Number(value - base)
      return Math.abs(time) < EXACT ? time : absent
    }
  if (range === undefined) return () => absent
  return (value) => (value >= range[0] && value <= range[1] ? Number(value) : absent)
}
