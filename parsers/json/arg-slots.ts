/**
 * The chosen arguments of one event, by slot.
 */
import { textOf } from './text.ts'

const COMMA = 0x2c
const CLOSE_ARRAY = 0x5d

/** What a slot of the last event holds. */
export const ArgKind = { none: 0, number: 1, text: 2, other: 3 } as const

export class ArgSlots {
  /** What the places below refer to. */
  bytes: Buffer = Buffer.alloc(0)
  /** By slot: ArgKind, the number, and where the value lies (a text's without its quotes). */
  readonly kind: Uint8Array
  readonly value: Float64Array
  readonly start: Int32Array
  readonly end: Int32Array

  constructor(slots: number) {
    this.kind = new Uint8Array(slots)
    this.value = new Float64Array(slots)
    this.start = new Int32Array(slots)
    this.end = new Int32Array(slots)
  }

  /** The number in a slot; NaN where it holds none. */
  number(slot: number): number {
    return this.kind[slot] === ArgKind.number ? this.value[slot]! : NaN
  }

  /** The text of a slot of kind `text`. */
  text(slot: number): string {
    return textOf(this.bytes, this.start[slot]!, this.end[slot]!)
  }

  /** The bytes of a slot's value as they stand in the file; of a text, without its quotes. */
  source(slot: number): string {
    return this.bytes.toString('latin1', this.start[slot]!, this.end[slot]!)
  }

  /** Whole numbers of a slot's list, "[56, 2, 1]", into `into`; answers how many there were, −1 for anything else. */
  counts(slot: number, into: Float64Array): number {
    if (this.kind[slot] !== ArgKind.other) return -1
    const bytes = this.bytes
    let count = 0
    let value = -1
    for (let p = this.start[slot]! + 1; p < this.end[slot]!; p++) {
      const c = bytes[p]!
      if (c >= 0x30 && c <= 0x39) value = (value < 0 ? 0 : value * 10) + (c - 0x30)
      else if (c === COMMA || c === CLOSE_ARRAY) {
        if (value < 0) return count === 0 && c === CLOSE_ARRAY ? 0 : -1
        if (count < into.length) into[count] = value
        count++
        value = -1
      } else if (c > 32) return -1
    }
    return count
  }
}
