/**
 * The leaf pages of a table, in rowid order.
 *
 *                      ┌────────────────────────┐
 *              root →  │ 05 · [p4|21] [p9|57] p7 │        interior page: children left to right, the last one apart
 *                      └──┬───────┬──────────┬──┘
 *                    ┌────┘       │          └────┐
 *              page 4 0d    page 9 0d       page 7 0d     leaf pages: the rows
 *
 *   page:  type(1) free(2) cells(2) start(2) frag(1) [right child(4)]  cell pointers(2 each) …    … cells
 *   cell of an interior page:  left child (4) · key (varint)
 *
 * All leaves are equally deep, so the tree is taken level by level, and no page may come twice: a damaged file can link
 * its pages in circles, or share them so that a walk would take longer than the universe has.
 */
import type { PageFile } from './page-file.ts'
import { Unusual } from './unusual.ts'

export const LEAF = 0x0d
const INTERIOR = 0x05
/** SQLite gives up on deeper trees. */
const MAX_DEPTH = 20
/** The header of page 1 stands before its b-tree page header. */
const FIRST_PAGE_OFFSET = 100

/** Pages seen so far. A page that comes twice is damage that SQLite may not notice. */
export class PageSet {
  readonly #bits: Uint8Array
  readonly #twice: (page: number) => Error

  /** `twice` makes the error to throw when a page is added again. */
  constructor(pageCount: number, twice: (page: number) => Error) {
    this.#bits = new Uint8Array((pageCount >> 3) + 1)
    this.#twice = twice
  }

  add(page: number): void {
    const bit = 1 << (page & 7)
    if ((this.#bits[page >> 3]! & bit) !== 0) throw this.#twice(page)
    this.#bits[page >> 3]! |= bit
  }
}

/** The leaves under `root`, left to right. Adds every page of the tree to `seen`; throws `Unusual` on odd pages. */
export function leavesOf(file: PageFile, root: number, seen: PageSet): Uint32Array {
  let level = Uint32Array.of(checked(file, root, seen))
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (file.page(level[0]!)[offsetOn(level[0]!)] === LEAF) return level
    const next: number[] = []
    for (const page of level) childrenOf(file, page, (child) => next.push(checked(file, child, seen)))
    level = Uint32Array.from(next)
  }
  throw new Unusual('a table is nested too deeply')
}

const offsetOn = (page: number): number => (page === 1 ? FIRST_PAGE_OFFSET : 0)

function checked(file: PageFile, page: number, seen: PageSet): number {
  if (!file.has(page)) throw new Unusual(`page ${page} is not in the file`)
  seen.add(page)
  return page
}

function childrenOf(file: PageFile, page: number, found: (child: number) => void): void {
  const bytes = file.page(page)
  const offset = offsetOn(page)
  const view = new DataView(bytes.buffer, bytes.byteOffset, file.header.usable)
  const cells = view.getUint16(offset + 3)
  const first = offset + 12 + 2 * cells
  // The shortest cell is a page number and a one-byte key.
  const last = view.byteLength - 5
  // Only on page 1, which is shorter, the root may have no cell: all its cells then went to the right child.
  const fewest = page === 1 ? 0 : 1
  if (bytes[offset] !== INTERIOR || cells < fewest || first > last)
    throw new Unusual(`page ${page} is damaged`)
  for (let i = 0; i < cells; i++) {
    const at = view.getUint16(offset + 12 + 2 * i)
    if (at < first || at > last) throw new Unusual(`a cell of page ${page} is outside it`)
    found(view.getUint32(at))
  }
  found(view.getUint32(offset + 8))
}
