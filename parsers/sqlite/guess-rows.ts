/** How many rows to make room for before the leaves are read. */
import { PAGE_HEADER } from './leaf.ts'
import type { PageFile } from './page-file.ts'
import { varintAt, varintEnd } from './varint.ts'

/**
 * Exact for a table of which no row was deleted: rowids then run from the first row's to the last row's without a gap.
 * Otherwise an estimate from three pages, which growing corrects. Damaged pages only make the guess worse.
 */
export function guessRows(file: PageFile, leaves: Uint32Array): number {
  const last = leaves.length - 1
  const cells = [0, last >> 1, last].map((i) => cellsOf(file, leaves[i]!))
  const span = rowidOf(file, leaves[last]!, cells[2]! - 1) - rowidOf(file, leaves[0]!, 0) + 1
  const estimate = Math.ceil(1.25 * Math.max(...cells) * leaves.length)
  return span >= 1 && span <= estimate ? span : estimate
}

const cellsOf = (file: PageFile, page: number): number => viewOf(file, page).getUint16(3)

function rowidOf(file: PageFile, page: number, cell: number): number {
  const view = viewOf(file, page)
  const pointer = PAGE_HEADER + 2 * cell
  if (cell < 0 || pointer + 2 > view.byteLength) return NaN
  const bytes = file.page(page)
  varintAt(bytes, view.getUint16(pointer))
  return varintAt(bytes, varintEnd)
}

function viewOf(file: PageFile, page: number): DataView {
  const bytes = file.page(page)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
