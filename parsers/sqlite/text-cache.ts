/**
 * Pool indices of short texts, found by their bytes: a text that was seen before is neither decoded nor hashed again by
 * the pool. 4096 places, each holding the last text that hashed to it.
 *
 *   bytes → hash → place │ length │ pool index │ the bytes (128) │     equal? the index. else: decode, put it here
 */
import type { StringPool } from '../../trace/builder.ts'

const PLACES = 4096
const LONGEST = 128

export class TextCache {
  readonly #pool: StringPool
  readonly #lengths = new Uint8Array(PLACES)
  readonly #indices = new Uint32Array(PLACES)
  readonly #texts = new Uint8Array(PLACES * LONGEST)

  constructor(pool: StringPool) {
    this.#pool = pool
  }

  /** The pool index of the UTF-8 text of `length` bytes at `at`. Invalid UTF-8 becomes U+FFFD, as in SQLite's reader. */
  intern(bytes: Uint8Array, at: number, length: number): number {
    if (length > LONGEST) return this.#pool.intern(decoded(bytes, at, length))
    // FNV-1a, 32 bits (Fowler, Noll, Vo: offset basis 2166136261, prime 16777619).
    let hash = 0x811c9dc5
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[at + i]!, 0x01000193)
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1)
    const text = place * LONGEST
    if (this.#lengths[place] === length && this.#equal(text, bytes, at, length)) return this.#indices[place]!
    const index = this.#pool.intern(decoded(bytes, at, length))
    this.#lengths[place] = length
    this.#indices[place] = index
    for (let i = 0; i < length; i++) this.#texts[text + i] = bytes[at + i]!
    return index
  }

  #equal(text: number, bytes: Uint8Array, at: number, length: number): boolean {
    const texts = this.#texts
    for (let i = 0; i < length; i++) if (texts[text + i] !== bytes[at + i]) return false
    return true
  }
}

const decoded = (bytes: Uint8Array, at: number, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf8')
