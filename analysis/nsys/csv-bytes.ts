/**
 * Writes CSV lines straight into bytes. A trace report of a million rows has twenty million cells, nearly all of them whole
 * numbers and a few names over and over: digits are put down without making strings, and each name is encoded once.
 */
import { writeThousandths } from './rounding.ts'
import type { Cell, CellType } from './report.ts'
import { utf8 } from './utf8.ts'

const PIECE = 1 << 16
/** The longest whole number below 2^53, its sign, a point and a digit. */
const LONGEST_NUMBER = 24
/** Texts and decimals that are remembered; a report that has more starts over. */
const REMEMBERED = 1 << 14

const COMMA = 44
const LINE = 10
const POINT = 46
const MINUS = 45
const ZERO = 48

export class CsvBytes {
  #bytes = new Uint8Array(2 * PIECE)
  #length = 0
  readonly #texts = new Map<string, Uint8Array>()
  readonly #decimals = new Map<number, Uint8Array>()
  /** The last text of each column, and its bytes. */
  readonly #lastText: string[] = []
  readonly #lastBytes: Uint8Array[] = []

  get isFull(): boolean {
    return this.#length >= PIECE
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const piece = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return piece
  }

  line(cells: readonly Cell[], types: readonly CellType[]): void {
    for (let c = 0; c < types.length; c++) {
      if (c > 0) this.#byte(COMMA)
      const cell = cells[c]!
      // Many columns say the same line after line; two strings that are one object are compared at once.
      if (typeof cell === 'string') {
        if (cell !== this.#lastText[c]) {
          this.#lastText[c] = cell
          this.#lastBytes[c] = this.#encoded(cell)
        }
        this.#put(this.#lastBytes[c]!)
      } else this.#cell(cell, types[c]!)
    }
    this.#byte(LINE)
  }

  #cell(cell: Exclude<Cell, string>, type: CellType): void {
    if (cell === null) return
    if (typeof cell === 'bigint') this.#put(utf8(String(cell)))
    else if (type === 'tenths') this.#tenths(cell)
    else if (type === 'thousandths') this.#put(this.#thousandths(cell))
    else this.#integer(cell)
  }

  /** A cell that is a whole number of tenths: its digits with a point before the last. */
  #tenths(value: number): void {
    const tenths = Math.round(Math.abs(value) * 10)
    if (!(tenths < 2 ** 53)) return this.#put(utf8(value.toFixed(1)))
    if (value < 0) this.#byte(MINUS)
    const whole = Math.floor(tenths / 10)
    this.#integer(whole)
    this.#byte(POINT)
    this.#byte(ZERO + (tenths - whole * 10))
  }

  #integer(value: number): void {
    this.#reserve(LONGEST_NUMBER)
    if (value < 0) {
      this.#bytes[this.#length++] = MINUS
      value = -value
    }
    let digits = 1
    for (let power = 10; value >= power; power *= 10) digits++
    let at = (this.#length += digits)
    const bytes = this.#bytes
    // Nine digits at a time: integer division is several times faster than one of doubles.
    while (value >= 2 ** 31) {
      const rest = Math.floor(value / 1e9)
      let nine = (value - rest * 1e9) | 0
      for (let i = 0; i < 9; i++) {
        const less = (nine / 10) | 0
        bytes[--at] = ZERO + (nine - less * 10)
        nine = less
      }
      value = rest
    }
    let small = value | 0
    do {
      const rest = (small / 10) | 0
      bytes[--at] = ZERO + (small - rest * 10)
      small = rest
    } while (small > 0)
  }

  #encoded(text: string): Uint8Array {
    let known = this.#texts.get(text)
    if (known === undefined) {
      if (this.#texts.size >= REMEMBERED) this.#texts.clear()
      this.#texts.set(text, (known = utf8(quoted(text))))
    }
    return known
  }

  #thousandths(value: number): Uint8Array {
    let known = this.#decimals.get(value)
    if (known === undefined) {
      if (this.#decimals.size >= REMEMBERED) this.#decimals.clear()
      this.#decimals.set(value, (known = utf8(writeThousandths(value))))
    }
    return known
  }

  #byte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  #put(text: Uint8Array): void {
    this.#reserve(text.length)
    // A loop beats set() for a few bytes.
    if (text.length > 24) this.#bytes.set(text, this.#length)
    else for (let i = 0; i < text.length; i++) this.#bytes[this.#length + i] = text[i]!
    this.#length += text.length
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** A field that may hold anything. */
export const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
