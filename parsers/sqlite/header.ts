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

/** Where the pages are, in a file of `size` bytes. Throws `Unusual` when the header makes no sense of them. */
export function parseHeader(head: DataView, size: number): Header {
  const pageSize = statedPageSize(head)
  const usable = pageSize - head.getUint8(20)
  const sensible = pageSize >= 512 && (pageSize & (pageSize - 1)) === 0 && usable >= 480
  if (!sensible) throw new Unusual('its page size is odd')
  const there = Math.floor(size / pageSize)
  return { pageSize, usable, pageCount: Math.min(statedPages(head) ?? there, there) }
}

/** Why the tables of such a file are not read by pages; undefined if they are. */
export function headerOddity(head: DataView, size: number): string | undefined {
  const fractions = [head.getUint8(21), head.getUint8(22), head.getUint8(23)]
  if (head.getUint8(18) !== 1 || head.getUint8(19) !== 1) return 'it is not in rollback-journal mode'
  if (fractions.join(' ') !== '64 32 32') return 'its header is odd'
  if (head.getUint32(52) !== 0) return 'it vacuums itself'
  if (head.getUint32(56) !== 1) return 'its text is not UTF-8'
  const stated = (statedPages(head) ?? 0) * statedPageSize(head)
  return stated === size ? undefined : 'its size is not what its header says'
}
