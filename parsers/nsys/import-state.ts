/**
 * What the readers of single tables share while one export is read: the source, the string pool, identities, lanes, and
 * the ledger of what was taken in and what was not.
 */
import { StringPool } from '../../trace/builder.ts'
import { NONE } from '../../trace/column.ts'
import type { ColumnType } from '../../trace/column.ts'
import type { Skipped } from '../../trace/trace.ts'
import type { ColumnSource, ColumnsRead, Wanted } from '../sqlite/column-source.ts'
import { Devices, Streams } from './devices.ts'
import { Identities } from './identity.ts'
import { Names } from './names.ts'

export class ImportState {
  readonly pool = new StringPool()
  readonly identities = new Identities()
  readonly names: Names
  readonly devices: Devices
  readonly streams: Streams
  readonly skipped: Skipped[] = []
  readonly warnings: string[] = []
  /** Source tables that a reader took care of. */
  readonly handled = new Set<string>()
  rows = 0
  readonly #source: ColumnSource
  /** What is subtracted from the source's times. */
  readonly base: bigint
  readonly #progress: (rows: number) => void
  #caller: number | undefined
  readonly #early = new Map<string, { wanted: Wanted; read: ColumnsRead }>()
  /** Times count from far off (since 1970), so a base is subtracted while reading. */
  readonly isEpochSized: boolean

  constructor(source: ColumnSource, base: bigint, progress: (rows: number) => void) {
    this.#source = source
    this.base = base
    this.isEpochSized = base !== 0n
    this.#progress = progress
    this.names = new Names(source, this.pool)
    this.devices = new Devices(source, this.pool, this.identities)
    this.streams = new Streams(this.devices)
  }

  has(table: string, column?: string): boolean {
    const columns = this.#source.tables.get(table)
    return columns !== undefined && (column === undefined || columns.includes(column))
  }

  tables(): ReadonlyMap<string, readonly string[]> {
    return this.#source.tables
  }

  get views(): readonly string[] {
    return this.#source.views
  }

  rowCount(table: string): number {
    return this.#source.rowCount(table)
  }

  /**
   * Reads some tables of numbers at once: the first in a thread of its own, the others here meanwhile. `read` with the same
   * wanted columns gives them.
   */
  readTogether(first: readonly [string, Wanted], ...others: (readonly [string, Wanted])[]): void {
    this.#source.readAhead?.(...first, this.base)
    for (const [table, wanted] of others) this.#early.set(table, { wanted, read: this.#read(table, wanted) })
  }

  /** Reads columns of an event table; marks it as handled. */
  read<const W extends Record<string, ColumnType> & Wanted>(table: string, wanted: W): ColumnsRead<W> {
    this.handled.add(table)
    const early = this.#early.get(table)
    this.#early.delete(table)
    return (early?.wanted === wanted ? early.read : this.#read(table, wanted)) as ColumnsRead<W>
  }

  #read<W extends Wanted>(table: string, wanted: W): ColumnsRead<W> {
    const before = this.rows
    const read = this.#source.read(table, wanted, {
      base: this.base,
      pool: this.pool,
      progress: (rows) => this.#progress(before + rows),
    })
    this.rows = before + read.length
    return read
  }

  /** Reads a table whose texts may be private: they go to a pool of their own, which is thrown away. */
  readPrivate<const W extends Record<string, ColumnType> & Wanted>(
    table: string,
    wanted: W,
  ): ColumnsRead<W> & { strings: readonly string[] } {
    this.handled.add(table)
    const pool = new StringPool()
    return { ...this.#source.read(table, wanted, { base: this.base, pool }), strings: pool.strings }
  }

  /** A private table of names and values. */
  readPairs(table: string): {
    length: number
    name: (row: number) => string | undefined
    value: (row: number) => string | undefined
  } {
    const { length, columns, strings } = this.readPrivate(table, { name: 'string?', value: 'string?' })
    return {
      length,
      name: (row) => strings[columns.name?.[row] ?? NONE],
      value: (row) => strings[columns.value?.[row] ?? NONE],
    }
  }

  /** Told once all API calls are read: where all are of one process, that process made the work of which no process is told. */
  callersAre(threads: Uint32Array): void {
    const processOf = this.identities.threads.column('process')
    const first = processOf?.[threads[0] ?? NONE]
    if (processOf === undefined || first === undefined) return
    for (let i = 0; i < threads.length; i++) if (processOf[threads[i]!] !== first) return
    this.#caller = first
  }

  /** The process row of each row of work, from its globalPid where that is told. */
  processesOf(globalPid: BigInt64Array | undefined, length: number): Uint32Array {
    const untold = (): number => this.#caller ?? this.identities.processOf(0, 0)
    if (globalPid !== undefined) return this.identities.processesOf(globalPid, untold)
    return length === 0 ? new Uint32Array(0) : new Uint32Array(length).fill(untold())
  }

  /** The thread that stands for "not told". */
  noThreadRow(): number {
    return this.identities.threadOf(0, 0)
  }

  noThread(length: number): Uint32Array {
    return length === 0 ? new Uint32Array(0) : new Uint32Array(length).fill(this.noThreadRow())
  }

  /** Counts records that are not taken in; the same reason for the same table adds up. */
  skip(what: string, count: number, why: string): void {
    if (count === 0) return
    const known = this.skipped.find((one) => one.what === what && one.why === why)
    if (known === undefined) this.skipped.push({ what, count, why })
    else known.count += count
  }
}
