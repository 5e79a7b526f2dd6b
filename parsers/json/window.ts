/**
 * The stretch of a text that is in memory: what is still needed of the last bytes, then the next ones.
 *
 *   text    |........................................|
 *   window             |needed still|   new   |0
 *                      ^ offset                ^ end (one byte 0 behind it, so that scanners need no bounds check)
 */
import type { ByteSource } from './source.ts'
import { JsonFault } from './fault.ts'

const FIRST_BYTES = 1 << 21
/** One element, or one wanted field, may be this long: far beyond any event, and still little memory. */
export const MOST_ELEMENT_BYTES = 1 << 26

export class Window {
  bytes: Buffer
  end = 0
  /** Index in the text of bytes[0]. */
  offset = 0
  readonly #source: ByteSource

  constructor(source: ByteSource, firstBytes = FIRST_BYTES) {
    this.#source = source
    this.bytes = Buffer.alloc(firstBytes + 1)
  }

  /** Drops the bytes before `keepFrom` and reads on. Answers false when the text has come to its end. */
  async fill(keepFrom: number): Promise<boolean> {
    let capacity = this.bytes.length - 1
    const kept = this.end - keepFrom
    if (keepFrom > 0) this.bytes.copy(this.bytes, 0, keepFrom, this.end)
    this.offset += keepFrom
    this.end = kept
    if (kept > capacity / 2) {
      if (capacity >= MOST_ELEMENT_BYTES)
        throw new JsonFault(`has a value longer than ${MOST_ELEMENT_BYTES / 2 ** 20} MiB`, 0)
      const larger = Buffer.alloc(2 * capacity + 1)
      this.bytes.copy(larger, 0, 0, kept)
      this.bytes = larger
      capacity *= 2
    }
    const count = await this.#source.read(this.bytes, kept, capacity - kept)
    this.end += count
    this.bytes[this.end] = 0
    return count > 0
  }
}
