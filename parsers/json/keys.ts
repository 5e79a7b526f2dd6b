/**
 * Object keys that a scanner looks for, compared as bytes.
 */
/** Names → numbers, looked up by their bytes. */
export class KeyTable {
  readonly #byLength: { bytes: Buffer; value: number }[][] = []

  constructor(keys: Readonly<Record<string, number>>) {
    for (const [key, value] of Object.entries(keys)) {
      const bytes = Buffer.from(key)
      ;(this.#byLength[bytes.length] ??= []).push({ bytes, value })
    }
  }

  /** −1 for a key that is not wanted. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const same = this.#byLength[to - from]
    if (same === undefined) return -1
    for (const { bytes: key, value } of same) {
      let i = 0
      while (i < key.length && key[i] === bytes[from + i]) i++
      if (i === key.length) return value
    }
    return -1
  }
}
