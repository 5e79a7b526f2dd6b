/**
 * The ledger of a file's events: how many of each category stand in it, and how many of them became no row, and why.
 *
 *   events of a category = rows made of them + counted skips       (a test holds every file to it)
 */
import type { Skipped } from '../../trace/trace.ts'
import type { TextTable } from '../json/text.ts'

/** Why an event became no row of its own. */
export const Reason = {
  metadata: 'names a process or thread, or says how to sort it: the name is kept there',
  end: 'the end of a range: joined to its beginning',
  endWithoutBegin: 'the end of a range whose beginning is not in the file',
  flow: 'an arrow between events: serves to link launches, is no event itself',
  derived: 'drawn by the profiler from launches: the same is computed here from the launches themselves',
  cudaEvent: 'a CUDA event record: no table holds them yet',
  counters: 'hardware counters of single kernels: no table holds them yet',
  noNumber: 'a counter without a number',
  noTime: 'without a time, or with one beyond the year 2255',
  noDuration: 'without a duration, or a negative one',
  tooLong: 'lasts more than 52 days: its end is garbled',
  far: 'its time lies more than 104 days from the others',
  noBytes: 'a memory event that does not say how many bytes',
  sample: 'a sample of a call stack: not read',
  object: 'an object or a memory dump of the traced program: not read',
  phase: 'a phase that is not read',
  noObject: 'no event: it has no phase',
  beside: 'stands beside the events: not read',
} as const
type ReasonName = keyof typeof Reason

/** Categories are numbered: a text's number + 256; an event without one goes by its phase's character code. */
const FIRST_TEXT = 256

export class Tally {
  readonly #texts: TextTable
  readonly #events: number[] = []
  readonly #skipped = new Map<ReasonName, number[]>()
  readonly #beside: Record<string, number> = {}
  #furtherValues = new Map<string, number>()

  constructor(texts: TextTable) {
    this.#texts = texts
  }

  /** Counts an event. */
  event(category: number, phase: number): void {
    const key = category < 0 ? phase : category + FIRST_TEXT
    this.#events[key] = (this.#events[key] ?? 0) + 1
  }

  skip(category: number, phase: number, reason: ReasonName): void {
    let counts = this.#skipped.get(reason)
    if (counts === undefined) this.#skipped.set(reason, (counts = []))
    const key = category < 0 ? phase : category + FIRST_TEXT
    counts[key] = (counts[key] ?? 0) + 1
  }

  /** A part of the file beside the list of events that holds records of its own. */
  beside(key: string): void {
    this.#beside[key] = (this.#beside[key] ?? 0) + 1
  }

  /** One counter event may carry several values: each is a row, so those beyond the first are counted as rows of the file. */
  furtherValues(category: number, phase: number, count: number): void {
    if (count === 0) return
    const what = `${this.#what(category < 0 ? phase : category + FIRST_TEXT)} (further values of one event)`
    this.#furtherValues.set(what, (this.#furtherValues.get(what) ?? 0) + count)
  }

  sourceRows(): Record<string, number> {
    // A category may be called "constructor": a Map has no such key of its own.
    const rows = new Map<string, number>()
    this.#events.forEach((count, key) => {
      const what = this.#what(key)
      rows.set(what, (rows.get(what) ?? 0) + count)
    })
    for (const [what, count] of this.#furtherValues) rows.set(what, count)
    for (const [what, count] of Object.entries(this.#beside)) rows.set(what, (rows.get(what) ?? 0) + count)
    return Object.fromEntries(rows)
  }

  skipped(): Skipped[] {
    const all: Skipped[] = []
    for (const [reason, counts] of this.#skipped)
      counts.forEach((count, key) => all.push({ what: this.#what(key), count, why: Reason[reason] }))
    for (const [what, count] of Object.entries(this.#beside)) all.push({ what, count, why: Reason.beside })
    return all
  }

  #what(key: number): string {
    if (key >= FIRST_TEXT) return this.#texts.text(key - FIRST_TEXT)
    return key === 0 ? 'no phase' : String.fromCharCode(key)
  }
}
