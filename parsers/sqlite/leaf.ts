/**
 * Reads the rows of leaf pages into columns.
 *
 *   leaf page   0d · free(2) · cells(2) · start(2) · frag(1) │ cell pointers (2 each) … free … │ cells … │ reserved
 *   cell        payload bytes (varint) · rowid (varint) · record, or its local part and the first overflow page (4)
 */
import type { ColumnArray } from '../../trace/column.ts'
import { LEAF } from './b-tree.ts'
import type { Decode } from './decode.ts'
import type { GrowingColumns } from './growing.ts'
import { localBytes } from './overflow.ts'
import type { Overflow } from './overflow.ts'
import type { Positions } from './record.ts'
import { Unusual } from './unusual.ts'
import { varintAt, varintEnd } from './varint.ts'

/** Above it, neighbouring rowids are the same double. */
const MAX_ROWID = Number.MAX_SAFE_INTEGER
/** Bytes of a leaf page before its cell pointers. */
export const PAGE_HEADER = 8
/** A cell takes at least four bytes of its page, and a pointer. */
const LEAST_CELL = 4

/** The most cells a leaf page can have. */
export const mostCells = (usable: number): number => Math.floor((usable - PAGE_HEADER) / (LEAST_CELL + 2))

export class LeafReader {
  /** Rows read so far. */
  rows = 0
  readonly #usable: number
  /** Longer records are not read, bytes. */
  readonly #longest: number
  readonly #positions: Positions
  readonly #overflow: Overflow
  readonly #decoders: readonly Decode[]
  readonly #into: GrowingColumns
  #lastRowid = -Infinity

  constructor(
    usable: number,
    longest: number,
    positions: Positions,
    overflow: Overflow,
    decoders: readonly Decode[],
    into: GrowingColumns,
  ) {
    this.#usable = usable
    this.#longest = longest
    this.#positions = positions
    this.#overflow = overflow
    this.#decoders = decoders
    this.#into = into
  }

  /** Reads the leaf page that starts at `base`. Throws `Unusual` when anything about it is not as it should be. */
  read(bytes: Uint8Array, view: DataView, base: number): void {
    const usable = this.#usable
    const cells = view.getUint16(base + 3)
    const first = PAGE_HEADER + 2 * cells
    if (bytes[base] !== LEAF || first > usable) throw new Unusual('a page is damaged')
    this.#into.ensure(this.rows + cells)
    const rowids = this.#into.rowid
    const longestLocal = usable - 35
    let last = this.#lastRowid
    let located = 0
    for (let i = 0; i < cells; i++) {
      const cell = view.getUint16(base + PAGE_HEADER + 2 * i)
      if (cell < first || cell > usable - LEAST_CELL) throw new Unusual('a cell is outside its page')
      let p = base + cell
      let payload = bytes[p++]!
      if (payload >= 0x80) {
        payload = varintAt(bytes, p - 1)
        p = varintEnd
      }
      let rowid = bytes[p++]!
      if (rowid >= 0x80) {
        rowid = varintAt(bytes, p - 1)
        p = varintEnd
      }
      if (rowid > MAX_ROWID || rowid < -MAX_ROWID) throw new Unusual('its rowids are beyond 2^53')
      if (rowid <= last) throw new Unusual('its rows are out of order')
      rowids[this.rows + located] = last = rowid
      if (payload <= longestLocal) {
        if (p + payload > base + usable) throw new Unusual('a cell is outside its page')
        this.#positions.locate(bytes, p, payload, located++)
      } else {
        this.#decode(bytes, view, located)
        this.#readLong(bytes, view, p, payload, base + usable)
        located = 0
      }
    }
    this.#decode(bytes, view, located)
    this.#lastRowid = last
  }

  /** One row that goes on in overflow pages. `end` is where its leaf page ends. */
  #readLong(bytes: Uint8Array, view: DataView, at: number, payload: number, end: number): void {
    const local = localBytes(payload, this.#usable)
    if (payload > this.#longest) throw new Unusual('a row is too long')
    if (at + local + 4 > end) throw new Unusual('a cell is outside its page')
    const need = this.#positions.needed(bytes, at, payload, local)
    if (need <= local) {
      this.#positions.locate(bytes, at, payload, 0)
      this.#decode(bytes, view, 1)
    } else {
      const record = this.#overflow.gather(bytes, at, local, need)
      this.#positions.locate(record, 0, payload, 0)
      this.#decode(record, new DataView(record.buffer, record.byteOffset, record.byteLength), 1)
    }
  }

  /** Decodes the `count` rows located last, and counts them. */
  #decode(bytes: Uint8Array, view: DataView, count: number): void {
    if (count === 0) return
    const arrays = this.#into.arrays as ColumnArray[]
    const decoders = this.#decoders
    for (let k = 0; k < decoders.length; k++) decoders[k]!(bytes, view, count, arrays[k]!, this.rows)
    this.rows += count
  }
}
