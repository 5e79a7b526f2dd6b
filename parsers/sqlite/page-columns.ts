/**
 * The column reader that walks the file's b-tree pages itself and decodes rows straight into typed arrays.
 *
 *   root → interior pages → list of leaves → runs of neighbouring leaves, read in one go → rows → columns
 *
 * It reads what an exporter writes and checks all it relies on. On anything else it throws `Unusual`, and `open.ts` lets
 * SQLite read that table.
 */
import type { ColumnArray, ColumnType } from '../../trace/column.ts'
import { LEAF, PageSet, leavesOf } from './b-tree.ts'
import type { ColumnsRead, ReadOptions, Wanted } from './column-source.ts'
import { decoderOf } from './decode.ts'
import type { Decode } from './decode.ts'
import { GrowingColumns } from './growing.ts'
import { guessRows } from './guess-rows.ts'
import { LeafReader, mostCells } from './leaf.ts'
import { Overflow } from './overflow.ts'
import type { PageFile } from './page-file.ts'
import { ReadAhead } from './read-ahead.ts'
import { EIGHT_BYTES, Positions } from './record.ts'
import { rowidDecoder } from './rowid.ts'
import { runsOf } from './runs.ts'
import type { TableSchema } from './schema.ts'
import { TextCache } from './text-cache.ts'
import { Unusual } from './unusual.ts'

/** Longer records are left to SQLite, which knows how long a JavaScript string may be. */
const LONGEST_RECORD = 2 ** 28

export interface PageReadOptions extends ReadOptions {
  /** Asked once a column of which some rows hold nothing, because it was added after them: its value in such a row. */
  missing: (column: string, type: ColumnType, rowid: number) => number | bigint
}

export class PageColumns {
  readonly #file: PageFile
  readonly #linkedTwice: (page: number) => Error

  /** `linkedTwice` makes the error for a page that is part of a table twice: damage on which SQLite might never end. */
  constructor(file: PageFile, linkedTwice: (page: number) => Error) {
    this.#file = file
    this.#linkedTwice = linkedTwice
  }

  /** Rows of a table: one look at the header of each of its leaves. */
  rowCount(table: TableSchema): number {
    requireOrdinary(table)
    let rows = 0
    for (const { bytes, bases } of runsOf(this.#file, this.#leaves(table).leaves)) {
      for (const base of bases) {
        if (bytes[base] !== LEAF) throw new Unusual('a page is damaged')
        rows += (bytes[base + 3]! << 8) | bytes[base + 4]!
      }
    }
    return rows
  }

  /** Reads as `ColumnSource.read` does. Throws `Unusual` when it cannot vouch for the result. */
  read(table: TableSchema, wanted: Wanted, options: PageReadOptions): ColumnsRead {
    requireOrdinary(table)
    const names = table.columns.map((column) => column.name).filter((name) => Object.hasOwn(wanted, name))
    const types = names.map((name) => wanted[name]!)
    const { leaves, seen } = this.#leaves(table)
    const { usable, pageCount, pageSize } = this.#file.header
    const into = new GrowingColumns(types, guessRows(this.#file, leaves))
    const positions = new Positions(slotsOf(table, names), mostCells(usable))
    const decoders = this.#decoders(table, names, types, positions, into, options)
    const longest = Math.min(LONGEST_RECORD, pageCount * pageSize)
    const reader = new LeafReader(usable, longest, positions, new Overflow(this.#file, seen), decoders, into)
    for (const { bytes, view, bases } of runsOf(this.#file, leaves)) {
      for (const base of bases) reader.read(bytes, view, base)
      options.progress?.(reader.rows)
    }
    into.cut(reader.rows)
    const columns: Record<string, ColumnArray> = {}
    for (const [k, name] of names.entries()) columns[name] = into.arrays[k]!
    return { length: reader.rows, rowid: into.rowid, columns }
  }

  /** Starts reading a table of numbers in a thread of its own. */
  readAhead(table: TableSchema, wanted: Wanted, base: bigint): ReadAhead {
    const { fd, header } = this.#file
    return new ReadAhead({ fd, header, table, wanted, base })
  }

  #decoders(
    table: TableSchema,
    names: readonly string[],
    types: readonly ColumnType[],
    positions: Positions,
    into: GrowingColumns,
    { base, pool, missing: ask }: PageReadOptions,
  ): Decode[] {
    const texts = new TextCache(pool)
    return names.map((name, k) => {
      const type = types[k]!
      const column = table.columns.findIndex((each) => each.name === name)
      if (column === table.rowidColumn) return rowidDecoder(type, base, into)
      let known: number | bigint | undefined
      const missing = (row: number): number | bigint => (known ??= ask(name, type, into.rowid[row]!))
      const decode = decoderOf(type, { positions, slot: k, base, texts, missing })
      return isReal(table.columns[column]!.declared) ? inRealColumn(decode, positions, k) : decode
    })
  }

  #leaves(table: TableSchema): { leaves: Uint32Array; seen: PageSet } {
    const seen = new PageSet(this.#file.header.pageCount, this.#linkedTwice)
    return { leaves: leavesOf(this.#file, table.root, seen), seen }
  }
}

/** Which wanted value each record field is, up to the last that is wanted; the rowid's own column holds nothing. */
function slotsOf(table: TableSchema, names: readonly string[]): Int16Array {
  const slots = table.columns.map(({ name }, k) => (k === table.rowidColumn ? -1 : names.indexOf(name)))
  return Int16Array.from(slots.slice(0, 1 + slots.findLastIndex((slot) => slot >= 0)))
}

function requireOrdinary({ withoutRowid, rowidName, columns }: TableSchema): void {
  if (withoutRowid) throw new Unusual('it is WITHOUT ROWID')
  if (rowidName === undefined) throw new Unusual('its columns hide the rowid')
  const generated = columns.find((column) => column.generated)
  if (generated !== undefined) throw new Unusual(`its column ${generated.name} is computed`)
}

/**
 * SQLite turns every integer it finds in a REAL column into a double. That changes none it has put there itself, for it
 * stores as integers only doubles of up to six bytes; a wider one was written by something else.
 */
function inRealColumn(decode: Decode, positions: Positions, slot: number): Decode {
  return (bytes, view, count, array, row) => {
    const from = slot * positions.stride
    if (positions.types.subarray(from, from + count).includes(EIGHT_BYTES))
      throw new Unusual('a REAL column holds a wide integer')
    decode(bytes, view, count, array, row)
  }
}

/** Whether a declared type has REAL affinity (https://www.sqlite.org/datatype3.html#determination_of_column_affinity). */
const isReal = (declared: string): boolean =>
  !/INT|CHAR|CLOB|TEXT|BLOB/i.test(declared) && /REAL|FLOA|DOUB/i.test(declared)
