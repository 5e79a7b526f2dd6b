/** The pages of an open file, read in as few and as large pieces as asked for; never the whole file. */
import { readSync } from 'node:fs'
import type { Header } from './header.ts'
import { Unusual } from './unusual.ts'

/** Bytes read at once when single pages are asked for: neighbours are usually wanted next. */
const WINDOW_BYTES = 65_536
/** The byte at which SQLite keeps its locks; the page it falls on holds nothing. */
const LOCK_BYTE = 0x40000000

export class PageFile {
  readonly header: Header
  readonly fd: number
  readonly #window: Uint8Array
  #windowFirst = 0

  constructor(fd: number, header: Header) {
    this.fd = fd
    this.header = header
    this.#window = new Uint8Array(Math.max(WINDOW_BYTES, header.pageSize))
  }

  /** Whether a page of this number may hold content. */
  has(page: number): boolean {
    const { pageCount, pageSize } = this.header
    return page >= 1 && page <= pageCount && page !== LOCK_BYTE / pageSize + 1
  }

  /** Reads `count` pages from page `first` on to the start of `into`. */
  read(first: number, count: number, into: Uint8Array): void {
    const { pageSize } = this.header
    this.#fill(into, count * pageSize, (first - 1) * pageSize)
  }

  /** One page. Its bytes stay valid until the next call. */
  page(page: number): Uint8Array {
    const { pageSize, pageCount } = this.header
    const inWindow = this.#window.length / pageSize
    const first = page - ((page - 1) % inWindow)
    if (first !== this.#windowFirst) {
      this.#windowFirst = 0
      this.read(first, Math.min(inWindow, pageCount - first + 1), this.#window)
      this.#windowFirst = first
    }
    const at = (page - first) * pageSize
    return this.#window.subarray(at, at + pageSize)
  }

  #fill(into: Uint8Array, bytes: number, position: number): void {
    for (let done = 0; done < bytes;) {
      const got = readSync(this.fd, into, done, bytes - done, position + done)
      if (got === 0) throw new Unusual('it ends before its last page')
      done += got
    }
  }
}
