/**
 * Where a reader stands in a trace's JSON: before the list of events, in it, behind it. Fed with one stretch of bytes after
 * the other.
 */
import { JsonFault, unexpected } from './fault.ts'
import { mended } from './mend.ts'
import { blanksEnd, MORE, stringEnd, ValueSkipper } from './skip.ts'
import { textOf } from './text.ts'

export interface DocumentVisitor {
  /**
   * Called at the first byte of each element of the list. Answers the index behind the element, or MORE: then nothing of
   * it may be kept, it comes again with more bytes. `bytes[end]` is 0. May throw JsonFault.
   */
  element(bytes: Buffer, at: number, end: number): number
  /** Fields beside the list that are wanted, as JSON text. */
  readonly header: ReadonlySet<string>
  field(key: string, text: string): void
  /** Called for each field beside the list that is not wanted. */
  unwanted(key: string): void
  warn(message: string): void
  /** Elements taken so far, for the progress shown. */
  readonly rows: number
}

const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const COMMA = 0x2c
const COLON = 0x3a
const QUOTE = 0x22

type State =
  | 'start'
  | 'first-key'
  | 'key'
  | 'wanted-value'
  | 'unwanted-value'
  | 'after-value'
  | 'first-element'
  | 'element'
  | 'after-element'
  | 'end'

const NOT_A_TRACE = 'name a file that a profiler wrote'

const BETWEEN_ELEMENTS: ReadonlySet<State> = new Set<State>(['first-element', 'element', 'after-element'])

export class Document {
  readonly #visitor: DocumentVisitor
  readonly #skipper = new ValueSkipper()
  #state: State = 'start'
  #isList = false
  #hasList = false
  #key = ''
  #mended = 0
  #firstMended = 0

  constructor(visitor: DocumentVisitor) {
    this.#visitor = visitor
  }

  /** Takes what it can from bytes[at, end) and answers the index of the first byte it still needs. */
  consume(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    let p = at
    for (;;) {
      if (this.#state !== 'unwanted-value') p = blanksEnd(bytes, p)
      if (p >= end) return end
      const next = this.#step(bytes, p, end, isLast)
      if (next === MORE) return this.#state === 'unwanted-value' ? this.#skipper.resumeAt : p
      p = next
    }
  }

  /** Called when the text ends at `end` and bytes from `at` on were not taken. Throws where something is missing. */
  finish(at: number, end: number): void {
    if (this.#mended > 0)
      this.#visitor.warn(
        `${this.#mended === 1 ? '1 event is' : `${this.#mended} events are`} no valid JSON (quotes or backslashes not escaped, a comma too many, N/A) and read as meant; the first is number ${this.#firstMended} of the list, from 0`,
      )
    if (this.#state === 'end') {
      if (this.#hasList) return
      throw new JsonFault('is JSON, but has no list "traceEvents"', undefined, NOT_A_TRACE)
    }
    if (this.#state === 'start') throw new JsonFault('holds nothing', undefined)
    const isBetween = at === end && BETWEEN_ELEMENTS.has(this.#state)
    if (!this.#isList || !isBetween) throw new JsonFault('is cut short: the text ends', end)
    this.#visitor.warn(
      'the list of events has no closing "]": if its writer was stopped, later events are missing',
    )
  }

  #step(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    switch (this.#state) {
      case 'start':
        return this.#start(bytes, at, end, isLast)
      case 'first-key':
      case 'key':
        return this.#keyAt(bytes, at, end)
      case 'wanted-value':
        return this.#wantedValue(bytes, at, end, isLast)
      case 'unwanted-value': {
        const p = this.#skipper.skip(bytes, at, end, isLast)
        if (p !== MORE) this.#state = 'after-value'
        return p
      }
      case 'after-value':
        return this.#punctuation(bytes, at, CLOSE_OBJECT, 'key')
      case 'first-element':
      case 'element':
        return this.#element(bytes, at, end, isLast)
      case 'after-element':
        return this.#punctuation(bytes, at, CLOSE_ARRAY, 'element')
      case 'end':
        throw unexpected(bytes, at, 'the end of the file')
    }
  }

  #start(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    let p = at
    if (bytes[p] === 0xef) {
      if (end - p < 3 && !isLast) return MORE
      if (bytes[p + 1] === 0xbb && bytes[p + 2] === 0xbf) p = blanksEnd(bytes, p + 3)
      if (p >= end) return isLast ? p : MORE
    }
    this.#isList = bytes[p] === OPEN_ARRAY
    if (!this.#isList && bytes[p] !== OPEN_OBJECT)
      throw new JsonFault('is not JSON: it does not begin with { or [', undefined, NOT_A_TRACE)
    this.#hasList = this.#isList
    this.#state = this.#isList ? 'first-element' : 'first-key'
    return p + 1
  }

  #keyAt(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] === CLOSE_OBJECT && this.#state === 'first-key') {
      this.#state = 'end'
      return at + 1
    }
    if (bytes[at] !== QUOTE) throw unexpected(bytes, at, 'a key')
    const close = stringEnd(bytes, at + 1, end)
    if (close === MORE) return MORE
    let p = blanksEnd(bytes, close + 1)
    if (p >= end) return MORE
    if (bytes[p] !== COLON) throw unexpected(bytes, p, "':'")
    p = blanksEnd(bytes, p + 1)
    if (p >= end) return MORE
    this.#key = textOf(bytes, at + 1, close)
    if (this.#key === 'traceEvents' && bytes[p] === OPEN_ARRAY) {
      this.#hasList = true
      this.#state = 'first-element'
      return p + 1
    }
    const isWanted = this.#visitor.header.has(this.#key)
    if (!isWanted) this.#visitor.unwanted(this.#key)
    this.#skipper.reset()
    this.#state = isWanted ? 'wanted-value' : 'unwanted-value'
    return p
  }

  #wantedValue(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    this.#skipper.reset()
    const p = this.#skipper.skip(bytes, at, end, isLast)
    if (p === MORE) return MORE
    this.#visitor.field(this.#key, bytes.toString('utf8', at, p))
    this.#state = 'after-value'
    return p
  }

  #element(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    if (bytes[at] === CLOSE_ARRAY) {
      if (this.#state === 'element') this.#visitor.warn('a comma stands before the "]" of the list of events')
      this.#closeList()
      return at + 1
    }
    const p = this.#take(bytes, at, end, isLast)
    if (p !== MORE) this.#state = 'after-element'
    return p
  }

  /** Hands an element over; one that is no JSON as its writer meant it, where that can be told. */
  #take(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    try {
      return this.#visitor.element(bytes, at, end)
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error
      const mending = mended(bytes, at, end, isLast)
      if (mending === 'more') return MORE
      if (mending === undefined) throw error
      const json = Buffer.from(`${mending.json}\0`, 'latin1')
      const index = this.#visitor.rows
      if (this.#visitor.element(json, 0, json.length - 1) === MORE) throw error
      if (this.#mended++ === 0) this.#firstMended = index
      return mending.end
    }
  }

  #punctuation(bytes: Buffer, at: number, close: number, next: 'key' | 'element'): number {
    if (bytes[at] === COMMA) this.#state = next
    else if (bytes[at] !== close) throw unexpected(bytes, at, `',' or '${String.fromCharCode(close)}'`)
    else if (close === CLOSE_ARRAY) this.#closeList()
    else this.#state = 'end'
    return at + 1
  }

  #closeList(): void {
    this.#state = this.#isList ? 'end' : 'after-value'
  }
}
