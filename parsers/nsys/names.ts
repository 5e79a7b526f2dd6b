/**
 * nsys' string pool: ids in event tables point to StringIds. A dangling id is shown as "#<id>"; its row is kept.
 *
 * StringIds also holds what the program printed and its environment, so its texts go into a pool of their own; only a
 * string that an event names is ever copied into the trace.
 */
import { NONE } from '../../trace/column.ts'
import { StringPool } from '../../trace/builder.ts'
import type { ColumnSource } from '../sqlite/column-source.ts'

export class Names {
  readonly #pool: StringPool
  readonly #private = new StringPool()
  /** Index into the private pool by string id; NONE where no row has the id. */
  readonly #textById: Uint32Array | Map<number, number>
  /** Index into the trace's pool by index into the private pool; NONE until an event names it. */
  readonly #shared: Uint32Array

  constructor(source: ColumnSource, pool: StringPool) {
    this.#pool = pool
    const { length, columns } = source.read(
      'StringIds',
      { id: 'u32?', value: 'string?' },
      { base: 0n, pool: this.#private },
    )
    const { id, value } = columns
    let max = 0
    if (id !== undefined) for (let i = 0; i < length; i++) if (id[i] !== NONE && id[i]! > max) max = id[i]!
    const isDense = max < 4 * length + 65_536
    this.#textById = isDense ? new Uint32Array(max + 1).fill(NONE) : new Map()
    this.#shared = new Uint32Array(this.#private.strings.length).fill(NONE)
    if (id === undefined || value === undefined) return
    for (let i = 0; i < length; i++) {
      const text = value[i] === NONE ? 0 : value[i]!
      if (this.#textById instanceof Map) this.#textById.set(id[i]!, text)
      else if (id[i] !== NONE) this.#textById[id[i]!] = text
    }
  }

  #textOf(id: number): number | undefined {
    return this.#textById instanceof Map ? this.#textById.get(id) : this.#textById[id]
  }

  /** Index into the trace's pool of a string id; NONE stays NONE. */
  nameOf(id: number): number {
    if (id === NONE) return NONE
    const text = this.#textOf(id)
    if (text === undefined || text === NONE) return this.#pool.intern(`#${id}`)
    let shared = this.#shared[text]!
    if (shared === NONE) shared = this.#shared[text] = this.#pool.intern(this.#private.strings[text]!)
    return shared
  }

  /**
   * The first of several columns of string ids in which any row has a text; where none has, the first. Row by row would be
   * more than the file says: nsys shows an id without a text as no name.
   */
  firstKnown(columns: readonly (Uint32Array | undefined)[], length: number): Uint32Array {
    const there = columns.filter((column) => column !== undefined)
    const isKnown = (id: number): boolean => id !== NONE && (this.#textOf(id) ?? NONE) !== NONE
    return there.find((ids) => ids.some(isKnown)) ?? there[0] ?? new Uint32Array(length).fill(NONE)
  }

  /** `nameOf` for a column of string ids; `none` stands where there is no id. */
  namesOf(ids: Uint32Array, none = NONE): Uint32Array {
    const names = new Uint32Array(ids.length)
    // What each id became, so that a million rows of a few names cost a look into one array each.
    const known = new Uint32Array(this.#textById instanceof Map ? 0 : this.#textById.length).fill(NONE)
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!
      let name = id < known.length ? known[id]! : NONE
      if (name === NONE) {
        name = id === NONE ? none : this.nameOf(id)
        if (id < known.length) known[id] = name
      }
      names[i] = name
    }
    return names
  }
}
