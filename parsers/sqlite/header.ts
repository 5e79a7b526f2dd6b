/**
 * The first 100 bytes of a SQLite file (https://www.sqlite.org/fileformat2.html#the_database_header).
 *
 *    0 ┌───────────────────┬───────────┬────┬────┬──────────┬────────────┐
 *      │ SQLite format 3\0 │ page size │ wv │ rv │ reserved │ 64  32  32 │   wv, rv: 1 rollback journal, 2 WAL
 *   24 ├────────────────┬──┴─────────┬─┴────┴────┴──────────┴────────────┤
 *      │ change counter │ page count │ … 52 largest root (auto-vacuum) … 56 encoding … 92 change counter again
 *      └────────────────┴────────────┴───
 */
import { Unusual } from './unusual.ts'

export const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'

export interface Header {
  /** Bytes in a page: a power of two, 512 to 65 536. */
  pageSize: number
  /** Bytes of a page that hold content; the rest is reserved for extensions. */
  usable: number
  /** Pages, numbered from 1. */
  pageCount: number
}

export const isSqlite = (head: Uint8Array): boolean =>
  head.length >= MAGIC.length && Buffer.from(head.subarray(0, MAGIC.length)).toString('latin1') === MAGIC

/** Whether the file is in WAL mode: its newest pages may stand in a file beside it. */
export const isWal = (head: DataView): boolean => head.getUint8(18) === 2 || head.getUint8(19) === 2

/** The number of pages the header vouches for; undefined when an old writer left the count stale. */
export function statedPages(head: DataView): number | undefined {
  const count = head.getUint32(28)
  return count > 0 && head.getUint32(24) === head.getUint32(92) ? count : undefined
}

export const statedPageSize = (head: DataView): number => {
  const size = head.getUint16(16)
  return size === 1 ? 65536 : size
}

/** Reads the header of a file of `size` bytes. Throws `Unusual` unless the page reader can go on. */
export function parseHeader(head: DataView, size: number): Header {
  const pageSize = statedPageSize(head)
  const usable = pageSize - head.getUint8(20)
  const pageCount = statedPages(head)
  const fractions = [head.getUint8(21), head.getUint8(22), head.getUint8(23)]
  requireIs(pageSize >= 512 && (pageSize & (pageSize - 1)) === 0, 'its page size is odd')
  requireIs(head.getUint8(18) === 1 && head.getUint8(19) === 1, 'it is not in rollback-journal mode')
  requireIs(fractions.join(' ') === '64 32 32', 'its header is odd')
  requireIs(head.getUint32(52) === 0, 'it vacuums itself')
  requireIs(head.getUint32(56) === 1, 'its text is not UTF-8')
  requireIs(usable >= 480, 'its pages are mostly reserved')
  requireIs(pageCount !== undefined && pageCount * pageSize === size, 'its size is not what its header says')
  return { pageSize, usable, pageCount: pageCount! }
}

function requireIs(holds: boolean, otherwise: string): void {
  if (!holds) throw new Unusual(otherwise)
}
