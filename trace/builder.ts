/**
 * Filling tables. A parser states facts row by row (`TableBuilder`), or hands over finished columns (`tableFrom`).
 */
import { isOptional, newArray, permuted, sentinelOf } from './column.ts'
import type { ArrayOf, ColumnArray, ColumnType } from './column.ts'
import { columnOf } from './table.ts'
import type { AnyTable, Columns, Table, TableSpec } from './table.ts'

/** The trace's strings, each once. Index 0 is always the empty string. */
export class StringPool {
  readonly strings: string[] = ['']
  readonly #index = new Map<string, number>([['', 0]])

  /** The index of a text, added if new. */
  intern(text: string): number {
    const known = this.#index.get(text)
    if (known !== undefined) return known
    const index = this.strings.push(text) - 1
    this.#index.set(text, index)
    return index
  }
}

type Value<T extends ColumnType> = T extends `i64${string}` ? bigint : number
/** A row to add: every required column, any of the optional ones. */
export type RowOf<C extends Columns> = {
  [K in keyof C as C[K] extends `${string}?` ? never : K]: Value<C[K]>
} & {
  [K in keyof C as C[K] extends `${string}?` ? K : never]?: Value<C[K]> | undefined
}

/** Grows a table row by row. Arrays double, so adding is amortised constant time. */
export class TableBuilder<C extends Columns> {
  readonly spec: TableSpec<C>
  length = 0
  #capacity = 256
  readonly #names: string[]
  readonly #arrays = new Map<string, ColumnArray>()

  constructor(spec: TableSpec<C>) {
    this.spec = spec
    this.#names = Object.keys(spec.columns)
  }

  /** Adds a row and returns its index. */
  add(row: RowOf<C>): number {
    if (this.length === this.#capacity) this.#grow()
    const index = this.length++
    const values = row as Record<string, number | bigint | undefined>
    for (const name of this.#names) {
      const value = values[name]
      if (value === undefined) {
        if (!isOptional(this.spec.columns[name]!))
          throw new TypeError(`${this.spec.name}.${name} is missing; every row needs one`)
        const array = this.#arrays.get(name)
        if (array !== undefined) array[index] = sentinelOf(this.spec.columns[name]!) as never
      } else this.#array(name)[index] = value as never
    }
    return index
  }

  /** Changes one value of a row that was added before. */
  set<K extends keyof C & string>(index: number, name: K, value: Value<C[K]>): void {
    this.#array(name)[index] = value as never
  }

  /** A value that was set before; undefined in a column of which no row has one yet. */
  value<K extends keyof C & string>(index: number, name: K): Value<C[K]> | undefined {
    return this.#arrays.get(name)?.[index] as Value<C[K]> | undefined
  }

  /** A whole column so far; undefined while no row has a value. Longer than the table: only `length` elements count. */
  column<K extends keyof C & string>(name: K): ArrayOf<C[K]> | undefined {
    return this.#arrays.get(name) as ArrayOf<C[K]> | undefined
  }

  /** The table so far. The arrays are cut to length; the builder must not be used after. */
  finish(): Table<C> {
    const columns: Record<string, ColumnArray> = {}
    for (const name of this.#names) {
      const array = this.#arrays.get(name)
      if (array !== undefined) columns[name] = array.slice(0, this.length)
      else if (!isOptional(this.spec.columns[name]!)) columns[name] = newArray(this.spec.columns[name]!, 0)
    }
    return tableFrom(this.spec, columns, this.length)
  }

  #array(name: string): ColumnArray {
    const known = this.#arrays.get(name)
    if (known !== undefined) return known
    const type = this.spec.columns[name]!
    const array = newArray(type, this.#capacity) as ColumnArray
    if (isOptional(type)) array.fill(sentinelOf(type) as never)
    this.#arrays.set(name, array)
    return array
  }

  #grow(): void {
    this.#capacity *= 2
    for (const [name, array] of this.#arrays) {
      const type = this.spec.columns[name]!
      const larger = newArray(type, this.#capacity) as Float64Array
      larger.set(array as Float64Array)
      if (isOptional(type)) larger.fill(sentinelOf(type) as never, array.length)
      this.#arrays.set(name, larger)
    }
  }
}

/** A table over finished columns. Columns of which no row has a value are dropped; a missing required one is an error. */
export function tableFrom<C extends Columns>(
  spec: TableSpec<C>,
  columns: Readonly<Record<string, ColumnArray | undefined>>,
  length: number,
): Table<C> {
  const contents: Record<string, unknown> = { length }
  for (const [name, type] of Object.entries(spec.columns)) {
    const array = columns[name]
    if (array !== undefined && array.length !== length)
      throw new TypeError(`${spec.name}.${name} has ${array.length} rows, the table ${length}`)
    if (isOptional(type)) {
      if (array !== undefined && hasValue(type, array)) contents[name] = array
    } else if (array === undefined && length > 0) {
      throw new TypeError(`${spec.name}.${name} is missing; the table has ${length} rows`)
    } else contents[name] = array ?? newArray(type, 0)
  }
  return contents as Table<C>
}

/** Whether any row has a value. Plain loops: a column may be absent in a million rows before the first that has one. */
function hasValue(type: ColumnType, array: ColumnArray): boolean {
  if (array instanceof Float64Array) {
    for (let i = 0; i < array.length; i++) if (array[i] === array[i]) return true
    return false
  }
  return array instanceof BigInt64Array
    ? holdsIds(array)
    : holdsOther(array as Uint32Array, sentinelOf(type) as number)
}

/**
 * Asked by halves, since each element read would be an object. The absent one, −2^63, is 0 in its low half and the sign alone
 * in its high one, which comes second: all that run this are little-endian.
 */
function holdsIds(array: BigInt64Array): boolean {
  const halves = new Uint32Array(array.buffer, array.byteOffset, 2 * array.length)
  for (let i = 0; i < halves.length; i += 2) if (halves[i] !== 0 || halves[i + 1] !== 0x80000000) return true
  return false
}

function holdsOther(array: Uint32Array, absent: number): boolean {
  for (let i = 0; i < array.length; i++) if (array[i] !== absent) return true
  return false
}

/** A table without rows. */
export const emptyTable = <C extends Columns>(spec: TableSpec<C>): Table<C> => tableFrom(spec, {}, 0)

/** The same table with its rows in another order: row i of the result is row `order[i]`. */
export function reorder<C extends Columns>(
  spec: TableSpec<C>,
  contents: Table<C>,
  order: Uint32Array,
): Table<C> {
  const columns: Record<string, ColumnArray> = {}
  for (const name of Object.keys(spec.columns)) {
    const from = columnOf(contents, name)
    if (from !== undefined) columns[name] = permuted(from, order)
  }
  return tableFrom(spec, columns, order.length)
}

/** Bytes that a table's columns take in memory. */
export const tableBytes = (spec: TableSpec, contents: AnyTable): number =>
  Object.keys(spec.columns).reduce((sum, name) => sum + (columnOf(contents, name)?.byteLength ?? 0), 0)
