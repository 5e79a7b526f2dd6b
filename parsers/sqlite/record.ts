/**
 * First step of reading rows: where the wanted values are.
 *
 *   record   header bytes (varint) · one serial type a column (varints) │ the values, one after another
 *
 *   04 01 08 06 │ 02 │ 00 00 00 00 ff ff ff ff      columns: the byte 2 · the constant 0 · an 8-byte integer
 *
 *   serial type   0 NULL · 1 2 3 4 5 6 integer of 1 2 3 4 6 8 bytes · 7 double · 8 the integer 0 · 9 the integer 1
 *                 12, 14, … blob of (type − 12) / 2 bytes · 13, 15, … text of (type − 13) / 2 bytes
 *
 * The second step (`decode.ts`) takes one column at a time, so that each of its loops does one thing.
 */
import { Unusual } from './unusual.ts'
import { varintAt, varintEnd } from './varint.ts'

/** Serial type that stands for "the record is older than this column": the declared default applies. */
export const MISSING = -1

/** Serial type of an 8-byte integer. */
export const EIGHT_BYTES = 6

/** Bytes of a value by serial type, where the type is one byte. 10 and 11 are reserved; SQLite reads them as NULL. */
const SIZES = Uint8Array.from({ length: 128 }, (_, type) =>
  type < 12 ? [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type]! : (type - 12) >> 1,
)

export class Positions {
  /** Serial type of wanted value w of row i: `types[w * stride + i]`. */
  readonly types: Int32Array
  /** Where that value starts, in the bytes given to `locate`. */
  readonly offsets: Int32Array
  readonly stride: number
  readonly #slots: Int16Array

  /**
   * `slots[f]` says which wanted value field f of a record is, −1 if none; fields after the last wanted one are left
   * out. Has room for `rows` rows.
   */
  constructor(slots: Int16Array, rows: number) {
    const wanted = slots.reduce((most, slot) => Math.max(most, slot + 1), 0)
    this.types = new Int32Array(wanted * rows)
    this.offsets = new Int32Array(wanted * rows)
    this.stride = rows
    this.#slots = slots
  }

  /** Finds the wanted values of the record of `payload` bytes at `at`, which becomes row `i`. */
  locate(bytes: Uint8Array, at: number, payload: number, i: number): void {
    const slots = this.#slots
    const fields = slots.length
    if (fields === 0) return
    const { types, offsets, stride } = this
    let header = bytes[at]!
    let p = at + 1
    if (header >= 0x80) {
      header = varintAt(bytes, at)
      p = varintEnd
    }
    const headerEnd = at + header
    let value = headerEnd
    let f = 0
    for (; f < fields && p < headerEnd; f++) {
      let type = bytes[p++]!
      let size = 0
      if (type < 0x80) size = SIZES[type]!
      else {
        type = varintAt(bytes, p - 1)
        p = varintEnd
        size = Math.floor((type - 12) / 2)
      }
      const slot = slots[f]!
      if (slot >= 0) {
        types[slot * stride + i] = type
        offsets[slot * stride + i] = value
      }
      value += size
    }
    const end = at + payload
    if (header < 1 || p > headerEnd || value > end || (p === headerEnd && value !== end))
      throw new Unusual('a row does not add up')
    for (; f < fields; f++) {
      const slot = slots[f]!
      if (slot >= 0) types[slot * stride + i] = MISSING
    }
  }

  /**
   * How many of the record's `payload` bytes hold the header and all wanted values, when only the first `local` bytes
   * are at hand; all of them if the header itself is longer.
   */
  needed(bytes: Uint8Array, at: number, payload: number, local: number): number {
    const header = varintAt(bytes, at)
    if (header > local) return payload
    let p = varintEnd
    let end = header
    for (let f = 0; f < this.#slots.length && p < at + header; f++) {
      const type = varintAt(bytes, p)
      p = varintEnd
      end += type < 12 ? SIZES[type]! : Math.floor((type - 12) / 2)
    }
    return Math.min(end, payload)
  }
}
