/**
 * Columns that grow while a table is read, because its row count is known only at the end.
 *
 * A good first guess of the count makes growing and cutting both free: the arrays are handed out as they are.
 */
import { newArray } from '../../trace/column.ts'
import type { ColumnArray, ColumnType } from '../../trace/column.ts'

export class GrowingColumns {
  /** Rows there is room for. */
  capacity: number
  rowid: Float64Array
  /** One array a type given, in its order. */
  readonly arrays: ColumnArray[]
  readonly #types: readonly ColumnType[]

  constructor(types: readonly ColumnType[], guess: number) {
    this.capacity = Math.max(1, Math.ceil(guess))
    this.rowid = new Float64Array(this.capacity)
    this.#types = types
    this.arrays = types.map((type) => newArray(type, this.capacity))
  }

  /** Makes room for at least `rows` rows. The arrays are other ones after this. */
  ensure(rows: number): void {
    if (rows <= this.capacity) return
    this.capacity = Math.max(rows, this.capacity * 2)
    this.rowid = copyTo(new Float64Array(this.capacity), this.rowid)
    for (const [k, type] of this.#types.entries())
      this.arrays[k] = copyTo(newArray(type, this.capacity), this.arrays[k]!)
  }

  /** Cuts everything to `rows`. Each array then owns a buffer of its own length. */
  cut(rows: number): void {
    if (rows === this.capacity) return
    this.capacity = rows
    this.rowid = this.rowid.slice(0, rows)
    for (const k of this.#types.keys()) this.arrays[k] = this.arrays[k]!.slice(0, rows)
  }
}

const copyTo = <A extends ColumnArray>(to: A, from: ColumnArray): A => {
  ;(to as Float64Array).set(from as Float64Array)
  return to
}
