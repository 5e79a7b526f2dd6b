/**
 * Strings out of JSON bytes: decoded once, then known by their bytes.
 */
const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** A backslash before what JSON gives no meaning. */
const BAD_ESCAPE = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/

/** Whether a text's writer escaped no backslash: one escapes nothing, and none stands twice. */
export const isUnescaped = (text: string): boolean => !text.includes('\\\\') && BAD_ESCAPE.test(text)

/**
 * The text between two quotes. Bytes that are no UTF-8 become U+FFFD. A backslash before a letter that JSON gives no
 * meaning tells that the writer escaped none: then all stay as they are, and `torch\nn\modules` has no line break. (Where
 * another stands escaped, only the unknown one stays.)
 */
export function textOf(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to)
  if (!text.includes('\\')) return text
  if (isUnescaped(text)) return text.replaceAll('\\"', '"')
  return text.replace(/\\(u[0-9a-fA-F]{4}|["\\/bfnrt])/g, (_all, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  )
}

const FIRST_SLOTS = 1 << 12
/** Of a longer text only so many bytes at both ends, and every eighth between, make its hash; equality looks at all. */
const HASHED_ENDS = 32

/**
 * Numbers for texts, by their bytes: a name that a million events carry is decoded once, and every other time costs one
 * hash and one comparison. Texts are never forgotten, so only names belong here, not values.
 */
export class TextTable {
  readonly #texts: string[] = []
  #slots = new Int32Array(FIRST_SLOTS).fill(-1)
  #hashes = new Int32Array(FIRST_SLOTS)
  /** Where each text's bytes lie in the arena: entry i has [#ends[i-1], #ends[i]). */
  #ends = new Float64Array(FIRST_SLOTS)
  #arena = Buffer.alloc(1 << 16)

  get size(): number {
    return this.#texts.length
  }

  text(id: number): string {
    return this.#texts[id]!
  }

  /** The number of the text in bytes[from, to): 0, 1, 2 … in order of first appearance. */
  idOf(bytes: Buffer, from: number, to: number): number {
    const hash = hashOf(bytes, from, to)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const id = this.#slots[slot]!
      if (id < 0) break
      if (this.#hashes[id] === hash && this.#isSame(id, bytes, from, to)) return id
      slot = (slot + 1) & mask
    }
    return this.#add(hash, bytes, from, to)
  }

  #isSame(id: number, bytes: Buffer, from: number, to: number): boolean {
    const start = id === 0 ? 0 : this.#ends[id - 1]!
    const length = this.#ends[id]! - start
    if (length !== to - from) return false
    const arena = this.#arena
    if (length > 200) return arena.compare(bytes, from, to, start, start + length) === 0
    for (let i = 0; i < length; i++) if (arena[start + i] !== bytes[from + i]) return false
    return true
  }

  #add(hash: number, bytes: Buffer, from: number, to: number): number {
    const id = this.#texts.push(textOf(bytes, from, to)) - 1
    const start = id === 0 ? 0 : this.#ends[id - 1]!
    if (start + to - from > this.#arena.length) {
      const larger = Buffer.alloc(2 * (start + to - from))
      this.#arena.copy(larger, 0, 0, start)
      this.#arena = larger
    }
    bytes.copy(this.#arena, start, from, to)
    if (2 * (id + 1) > this.#slots.length) this.#grow()
    this.#ends[id] = start + to - from
    this.#hashes[id] = hash
    place(this.#slots, hash, id)
    return id
  }

  #grow(): void {
    const length = 2 * this.#slots.length
    this.#slots = new Int32Array(length).fill(-1)
    const hashes = new Int32Array(length)
    hashes.set(this.#hashes)
    const ends = new Float64Array(length)
    ends.set(this.#ends)
    this.#hashes = hashes
    this.#ends = ends
    for (let id = 0; id < this.#texts.length - 1; id++) place(this.#slots, hashes[id]!, id)
  }
}

function place(slots: Int32Array, hash: number, id: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot]! >= 0) slot = (slot + 1) & mask
  slots[slot] = id
}

/** FNV-1a, over all bytes of a short text. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from)
  if (to - from <= 2 * HASHED_ENDS + 8) {
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  } else {
    for (let i = from; i < from + HASHED_ENDS; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    for (let i = from + HASHED_ENDS; i < to - HASHED_ENDS; i += 8)
      hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    for (let i = to - HASHED_ENDS; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  }
  return hash ^ (hash >>> 15)
}
