/** The texts of a run's names, fetched in chunks when a drawing first needs one. */
import { NONE } from '../../../trace/column.ts'
import { NAMES_CHUNK } from '../../../trace/timeline.ts'

export class NameStore {
  readonly #fetch: (chunk: number) => Promise<readonly string[]>
  readonly #onChange: () => void
  readonly #chunks = new Map<number, readonly string[] | undefined>()

  constructor(fetch: (chunk: number) => Promise<readonly string[]>, onChange: () => void) {
    this.#fetch = fetch
    this.#onChange = onChange
  }

  /** The text; undefined while it is on its way. */
  readonly nameOf = (label: number): string | undefined => {
    if (label === NONE) return ''
    const chunk = Math.floor(label / NAMES_CHUNK)
    if (!this.#chunks.has(chunk)) void this.#load(chunk)
    return this.#chunks.get(chunk)?.[label % NAMES_CHUNK]
  }

  async #load(chunk: number): Promise<void> {
    this.#chunks.set(chunk, undefined)
    try {
      this.#chunks.set(chunk, await this.#fetch(chunk))
      this.#onChange()
    } catch {
      // A name that cannot be had leaves its box without one; the next drawing asks again.
      this.#chunks.delete(chunk)
    }
  }
}
