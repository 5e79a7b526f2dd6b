/**
 * Columns that grow while a file is read, in segments of 65 536 rows: nothing is copied as they grow, and at the end each
 * column is put together once, straight in its final order.
 *
 *   const i = calls.add()              a row; i is its index in the current segment
 *   calls.columns.start[i] = …         columns with `?` hold their sentinel until set
 *   calls.column('start', order)       the whole column, row order[0] first
 */
import { isOptional, newArray, sentinelOf } from '../../trace/column.ts'
import type { ArrayOf, ColumnArray, ColumnType } from '../../trace/column.ts'

const SEGMENT_BITS = 16
const SEGMENT_ROWS = 1 << SEGMENT_BITS
const FIRST_ROWS = 256

type Declared = Readonly<Record<string, ColumnType>>
type Arrays<C extends Declared> = { [K in keyof C]: ArrayOf<C[K]> }

export class Segments<C extends Declared> {
  length = 0
  /** The current segment. */
  columns: Arrays<C>
  readonly #declared: C
  readonly #segments: Arrays<C>[]
  #used = 0
  #capacity = FIRST_ROWS

  constructor(declared: C) {
    this.#declared = declared
    this.columns = this.#segment(FIRST_ROWS)
    this.#segments = [this.columns]
  }

  /** Adds a row and answers its index in the current segment's `columns`. */
  add(): number {
    if (this.#used === this.#capacity) this.#grow()
    this.length++
    return this.#used++
  }

  /** One value of a row added before. */
  get<K extends keyof C & string>(name: K, row: number): ArrayOf<C[K]>[number] {
    return this.#segments[row >>> SEGMENT_BITS]![name][row & (SEGMENT_ROWS - 1)]!
  }

  set<K extends keyof C & string>(name: K, row: number, value: ArrayOf<C[K]>[number]): void {
    ;(this.#segments[row >>> SEGMENT_BITS]![name] as { [index: number]: unknown })[row & (SEGMENT_ROWS - 1)] =
      value
  }

  /** The whole column: in the order of adding, or row order[0] first. Each element goes through `change` where given. */
  column<K extends keyof C & string>(
    name: K,
    order?: Uint32Array,
    change?: (value: number) => number,
  ): ArrayOf<C[K]> {
    const result = newArray(this.#declared[name]!, this.length) as Float64Array
    if (order === undefined) {
      for (let s = 0; s * SEGMENT_ROWS < this.length; s++) {
        const rows = Math.min(this.length - s * SEGMENT_ROWS, SEGMENT_ROWS)
        result.set((this.#segments[s]![name] as Float64Array).subarray(0, rows), s * SEGMENT_ROWS)
      }
    } else {
      const parts = this.#segments.map((segment) => segment[name] as Float64Array)
      for (let i = 0; i < result.length; i++) {
        const row = order[i]!
        result[i] = parts[row >>> SEGMENT_BITS]![row & (SEGMENT_ROWS - 1)]!
      }
    }
    if (change !== undefined) for (let i = 0; i < result.length; i++) result[i] = change(result[i]!)
    return result as ArrayOf<C[K]>
  }

  /** Lets go of all rows: their table is made. `length` stays. */
  release(): void {
    this.#segments.length = 0
    this.columns = this.#segment(0)
  }

  #grow(): void {
    this.#used = this.length & (SEGMENT_ROWS - 1)
    if (this.#capacity === SEGMENT_ROWS) {
      this.columns = this.#segment(SEGMENT_ROWS)
      this.#segments.push(this.columns)
      return
    }
    // A small file never needs a whole segment: the first one starts small and doubles.
    const smaller = this.columns
    this.#used = this.#capacity
    this.#capacity *= 2
    this.columns = this.#segment(this.#capacity)
    for (const name of Object.keys(this.#declared))
      (this.columns[name] as Float64Array).set(smaller[name] as Float64Array)
    this.#segments[0] = this.columns
  }

  #segment(rows: number): Arrays<C> {
    const arrays: Record<string, ColumnArray> = {}
    for (const [name, type] of Object.entries(this.#declared)) {
      arrays[name] = newArray(type, rows)
      if (isOptional(type)) (arrays[name] as Float64Array).fill(sentinelOf(type) as number)
    }
    return arrays as Arrays<C>
  }
}
