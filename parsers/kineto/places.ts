/**
 * Where events happen: (pid, tid) of the file → processes and threads.
 *
 * A pid or tid may be a number, a number in quotes, or a word ("Spans", "stream 7"). Words get numbers of their own, from
 * 2^52 up, where no real id is. An absent tid is the pid (the main thread's), an absent pid is 0. A place becomes a thread only once an
 * event of a thread happens there: a GPU's lanes are places too.
 */
import { StringPool, TableBuilder } from '../../trace/builder.ts'
import { process, thread } from '../../trace/tables.ts'
import type { TableOf } from '../../trace/table.ts'
import type { EventScanner } from '../json/event.ts'
import type { TextTable } from '../json/text.ts'

const FIRST_WORD = 2 ** 52

export class Places {
  readonly #texts: TextTable
  readonly #pids: number[] = []
  readonly #tids: number[] = []
  readonly #byPid = new Map<number, Map<number, number>>()
  readonly #processNames = new Map<number, string>()
  readonly #threadNames = new Map<number, string>()
  readonly #processes = new TableBuilder(process)
  readonly #threads = new TableBuilder(thread)
  readonly #processRows = new Map<number, number>()
  readonly #threadRows = new Map<number, number>()
  readonly #words: string[] = []
  readonly #numbers: number[] = []
  readonly #asyncKeys = new Map<string, number>()
  #lastPid = NaN
  #lastTid = NaN
  #last = -1

  constructor(texts: TextTable) {
    this.#texts = texts
  }

  /** The place of the last event: 0, 1, 2 … in order of first appearance. */
  of(event: EventScanner): number {
    const pid =
      event.pidText >= 0 ? this.#numberOf(event.pidText) : Number.isFinite(event.pid) ? event.pid : 0
    const tid =
      event.tidText >= 0 ? this.#numberOf(event.tidText) : Number.isFinite(event.tid) ? event.tid : pid
    if (pid === this.#lastPid && tid === this.#lastTid) return this.#last
    let tids = this.#byPid.get(pid)
    if (tids === undefined) this.#byPid.set(pid, (tids = new Map()))
    let place = tids.get(tid)
    if (place === undefined) {
      place = this.#pids.push(pid) - 1
      this.#tids.push(tid)
      tids.set(tid, place)
    }
    this.#lastPid = pid
    this.#lastTid = tid
    this.#last = place
    return place
  }

  /**
   * A number for the asynchronous range that the last event speaks of: known by category and id, in any process, unless
   * the id calls itself local.
   */
  asyncKey(event: EventScanner, place: number): number {
    const id2 = event.id2() as { local?: unknown; global?: unknown } | null | undefined
    const process = id2?.local === undefined ? null : this.#pids[place]
    const key = JSON.stringify([process, event.category, id2?.local ?? id2?.global ?? event.id])
    let number = this.#asyncKeys.get(key)
    if (number === undefined) this.#asyncKeys.set(key, (number = this.#asyncKeys.size))
    return number
  }

  pid(place: number): number {
    return this.#pids[place]!
  }

  tid(place: number): number {
    return this.#tids[place]!
  }

  /** The word that stands for a pid or tid made of one; undefined for a number. */
  word(id: number): string | undefined {
    return this.#words[id - FIRST_WORD]
  }

  nameProcess(pid: number, name: string): void {
    this.#processNames.set(pid, name)
  }

  nameThread(place: number, name: string): void {
    this.#threadNames.set(place, name)
  }

  threadName(place: number): string | undefined {
    return this.#threadNames.get(place) ?? this.word(this.#tids[place]!)
  }

  /** The row of a pid in `process`, added if new. */
  processRow(pid: number): number {
    let row = this.#processRows.get(pid)
    if (row === undefined) {
      row = this.#processes.add({ pid: low32(pid), globalPid: BigInt(Math.trunc(pid)) })
      this.#processRows.set(pid, row)
    }
    return row
  }

  /** The row of a place in `thread`, added if new. */
  threadRow(place: number): number {
    let row = this.#threadRows.get(place)
    if (row === undefined) {
      const tid = this.#tids[place]!
      const inProcess = this.processRow(this.#pids[place]!)
      row = this.#threads.add({ process: inProcess, tid: low32(tid), globalTid: BigInt(Math.trunc(tid)) })
      this.#threadRows.set(place, row)
    }
    return row
  }

  get processCount(): number {
    return this.#processes.length
  }

  finish(pool: StringPool): { process: TableOf<typeof process>; thread: TableOf<typeof thread> } {
    for (const [pid, row] of this.#processRows) {
      const name = this.#processNames.get(pid) ?? this.word(pid)
      if (name !== undefined) this.#processes.set(row, 'name', pool.intern(programOf(name)))
    }
    for (const [place, row] of this.#threadRows) {
      const name = this.threadName(place)
      if (name !== undefined) this.#threads.set(row, 'name', pool.intern(name))
    }
    return { process: this.#processes.finish(), thread: this.#threads.finish() }
  }

  #numberOf(text: number): number {
    const known = this.#numbers[text]
    if (known !== undefined) return known
    const word = this.#texts.text(text)
    const number = /^-?\d{1,15}$/.test(word) ? Number(word) : FIRST_WORD + this.#words.push(word) - 1
    this.#numbers[text] = number
    return number
  }
}

/** Thread ids may be 64-bit handles; the column keeps their low half, globalTid all of it. */
const low32 = (id: number): number => Math.trunc(id) - Math.floor(Math.trunc(id) / 2 ** 32) * 2 ** 32

/**
 * A process is named by its program. Some writers put the whole command line there, which may hold secrets: of
 * that only the program's file name is kept.
 */
export function programOf(name: string): string {
  if (!COMMAND_LINE.test(name)) return name
  const first = name.trim().split(/[\s=]/)[0]!
  return first.split(/[/\\]/).at(-1)!
}

/** Options, an assignment, or a path at the front. */
const COMMAND_LINE = /\s--?\w|\w=\S|^\s*([./~]|[a-z]:\\)/i
