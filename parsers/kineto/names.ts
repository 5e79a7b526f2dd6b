/**
 * Texts of the file → the trace's string pool. Only what a row uses gets there: what stands in skipped events stays out.
 */
import { NONE } from '../../trace/column.ts'
import type { StringPool } from '../../trace/builder.ts'
import type { TextTable } from '../json/text.ts'

export class Names {
  readonly pool: StringPool
  readonly #texts: TextTable
  readonly #indices: number[] = []

  constructor(texts: TextTable, pool: StringPool) {
    this.#texts = texts
    this.pool = pool
  }

  text(number: number): string {
    return number === NONE ? '' : this.#texts.text(number)
  }

  /** Pool index of a text's number; NONE stays NONE. */
  readonly indexOf = (number: number): number => {
    if (number === NONE) return NONE
    return (this.#indices[number] ??= this.pool.intern(this.#texts.text(number)))
  }

  /** Pool index where a name must be: the empty text for NONE. */
  readonly requiredIndexOf = (number: number): number => (number === NONE ? 0 : this.indexOf(number))
}

/** Computes once per argument. */
export function remembered<T>(compute: (number: number) => T): (number: number) => T {
  const known = new Map<number, T>()
  return (number) => {
    let value = known.get(number)
    if (value === undefined) known.set(number, (value = compute(number)))
    return value
  }
}
