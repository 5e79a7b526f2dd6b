/**
 * Processes and threads from nsys' 64-bit ids:  HW:8 | VM:8 | PID:24 | TID:24.
 *
 * With HW ≥ 1 they exceed 2^53, so they are never JavaScript numbers here: an id is taken as two u32 halves.
 *
 *   high half:  HW:8 | VM:8 | PID bits 8–23        low half:  PID bits 0–7 | TID:24
 */
import { NONE_I64 } from '../../trace/column.ts'
import { TableBuilder } from '../../trace/builder.ts'
import { process, thread } from '../../trace/tables.ts'

const NO_HALF_HIGH = 0x80000000

/** The u32 halves of an i64 column: low of row i at 2i, high at 2i + 1 (all our platforms are little-endian). */
export const halvesOf = (ids: BigInt64Array): Uint32Array =>
  new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2)

export class Identities {
  readonly processes = new TableBuilder(process)
  readonly threads = new TableBuilder(thread)
  readonly #byId = {
    process: new Map<number, Map<number, number>>(),
    thread: new Map<number, Map<number, number>>(),
  }

  /** The process row of a globalPid or globalTid given in halves; added if new. */
  processOf(low: number, high: number): number {
    return this.#rowOf('process', low & 0xff000000, high, (pid, globalPid) =>
      this.processes.add({ globalPid, pid }),
    )
  }

  /** The thread row of a globalTid given in halves; added if new, its process too. */
  threadOf(low: number, high: number): number {
    return this.#rowOf('thread', low, high, (_pid, globalTid) =>
      this.threads.add({ process: this.processOf(low, high), tid: low & 0xffffff, globalTid }),
    )
  }

  /** The row of a process that some event named; undefined for any other. */
  knownProcess(low: number, high: number): number | undefined {
    return this.#byId.process.get(high)?.get((low & 0xff000000) >>> 0)
  }

  /** The row of a thread that some event named; undefined for any other. */
  knownThread(low: number, high: number): number | undefined {
    return this.#byId.thread.get(high)?.get(low)
  }

  /** The thread row of each id of a column, and whether it has one: NULL ids give undefined for the whole row list. */
  threadsOf(ids: BigInt64Array): Uint32Array {
    return this.#rowsOf(ids, (low, high) => this.threadOf(low, high))
  }

  /** The process row of each id of a column; that of an absent id is what `untold` says. */
  processesOf(ids: BigInt64Array, untold = (): number => this.processOf(0, 0)): Uint32Array {
    return this.#rowsOf(ids, (low, high) => this.processOf(low, high), untold)
  }

  #rowsOf(
    ids: BigInt64Array,
    rowOf: (low: number, high: number) => number,
    untold = (): number => rowOf(0, 0),
  ): Uint32Array {
    const halves = halvesOf(ids)
    const rows = new Uint32Array(ids.length)
    // Neighbouring rows nearly always share their id: remember the last one.
    let lastLow = -1
    let lastHigh = -1
    let last = 0
    for (let i = 0; i < rows.length; i++) {
      const low = halves[2 * i]!
      const high = halves[2 * i + 1]!
      if (low !== lastLow || high !== lastHigh) {
        lastLow = low
        lastHigh = high
        // An absent id is process 0 thread 0, "not told", never merged with a real one, unless the caller knows better.
        last = low === 0 && high === NO_HALF_HIGH ? untold() : rowOf(low, high)
      }
      rows[i] = last
    }
    return rows
  }

  #rowOf(
    what: 'process' | 'thread',
    low: number,
    high: number,
    add: (pid: number, id: bigint) => number,
  ): number {
    const key = low >>> 0
    let inner = this.#byId[what].get(high)
    if (inner === undefined) this.#byId[what].set(high, (inner = new Map()))
    let row = inner.get(key)
    if (row === undefined) {
      const id = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(key))
      row = add(((high & 0xffff) << 8) | (key >>> 24), id)
      inner.set(key, row)
    }
    return row
  }
}

/** Whether an id is absent. */
export const isNoId = (id: bigint): boolean => id === NONE_I64
