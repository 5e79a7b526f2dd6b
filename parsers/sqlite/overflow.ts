/**
 * Records too long for their page.
 *
 *   leaf page                     overflow page 12           overflow page 31
 *   ┌──────────────────────┐      ┌────┬─────────────┐       ┌───┬──────────┐
 *   │ … local part │ 12 ───┼────→ │ 31 │ content …   │ ────→ │ 0 │ the rest │
 *   └──────────────────────┘      └────┴─────────────┘       └───┴──────────┘
 */
import type { PageSet } from './b-tree.ts'
import type { PageFile } from './page-file.ts'
import { Unusual } from './unusual.ts'

/** How many bytes of a record of `payload` bytes stand on its leaf page. */
export function localBytes(payload: number, usable: number): number {
  const most = usable - 35
  if (payload <= most) return payload
  const least = Math.trunc(((usable - 12) * 32) / 255) - 23
  const filling = least + ((payload - least) % (usable - 4))
  return filling <= most ? filling : least
}

export class Overflow {
  readonly #file: PageFile
  readonly #seen: PageSet
  #scratch = new Uint8Array(4096)

  constructor(file: PageFile, seen: PageSet) {
    this.#file = file
    this.#seen = seen
  }

  /**
   * The first `need` bytes of a record of which `local` bytes stand at `at`, followed by the first overflow page's number.
   * Valid until the next call. Throws `Unusual` when the chain ends early or leaves the file.
   */
  gather(bytes: Uint8Array, at: number, local: number, need: number): Uint8Array {
    if (need > this.#scratch.length) this.#scratch = new Uint8Array(Math.max(need, 2 * this.#scratch.length))
    const into = this.#scratch
    into.set(bytes.subarray(at, at + local))
    const step = this.#file.header.usable - 4
    let next = pageNumber(bytes, at + local)
    for (let done = local; done < need; done += step) {
      if (!this.#file.has(next)) throw new Unusual('a long row is cut short')
      this.#seen.add(next)
      const page = this.#file.page(next)
      into.set(page.subarray(4, 4 + Math.min(step, need - done)), done)
      next = pageNumber(page, 0)
    }
    return into.subarray(0, need)
  }
}

const pageNumber = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
