/**
 * One event of a Chrome trace, decoded straight from its bytes: the fields every reader wants, and chosen arguments.
 *
 *   {"ph":"X","cat":"kernel","name":"gemm","pid":0,"tid":7,"ts":12.5,"dur":3,"args":{"stream":7,"grid":[1,2,3],…}}
 *     phase     category      name        pid    tid   us+rest  duration       number[slot]   span of slot
 *
 * The scanner is its own view of the last event: its fields are overwritten by the next. Everything else in an event is
 * walked over, not decoded.
 */
import { ArgKind, ArgSlots } from './arg-slots.ts'
import { unexpected } from './fault.ts'
import { KeyTable } from './keys.ts'
import { nearlyParsed } from './mend.ts'
import { blanksEnd, MORE, stringEnd, ValueSkipper } from './skip.ts'
import { textOf, TextTable } from './text.ts'
import { TimeReader } from './time.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const PHASE = 0
const CATEGORY = 1
const NAME = 2
const PID = 3
const TID = 4
const TIME = 5
const DURATION = 6
const ID = 7
const SCOPED_ID = 8
const SCOPE = 9
const ARGS = 10
const FIELDS = {
  ph: PHASE,
  cat: CATEGORY,
  name: NAME,
  pid: PID,
  tid: TID,
  ts: TIME,
  dur: DURATION,
  id: ID,
  id2: SCOPED_ID,
  s: SCOPE,
  args: ARGS,
}

const NUMERIC_ID = /^(0x[0-9a-f]{1,13}|\d{1,15})$/i

export class EventScanner {
  /** The phase's letter as a character code; 0 where there is none. */
  phase = 0
  /** Numbers of texts in `texts`; −1 where the event has none. */
  category = -1
  name = -1
  /** NaN where absent, or a text: then `pidText` and `tidText` are its numbers in `texts`. */
  pid = NaN
  tid = NaN
  pidText = -1
  tidText = -1
  /** Start: whole microseconds (NaN: none) and the nanoseconds beyond. */
  us = NaN
  rest = 0
  /** Nanoseconds; NaN where absent. */
  duration = NaN
  /** A number, or of a text "0x1f" its value, of another text −1 − its number in `texts`; NaN where absent. */
  id = NaN
  /** The letter of the scope of an instant event: g, p, t. */
  scope = 0
  /** Where `args` and `id2` lie in the scanned bytes; start −1 where absent. */
  argsStart = -1
  argsEnd = -1
  id2Start = -1
  id2End = -1
  readonly args: ArgSlots
  /** Every category, name, and textual id met so far. */
  readonly texts = new TextTable()
  readonly #fields = new KeyTable(FIELDS)
  readonly #wanted: KeyTable
  readonly #skipper = new ValueSkipper()
  readonly #time = new TimeReader()
  #bytes: Buffer = Buffer.alloc(0)
  #isEscaped = false
  #number = NaN
  #text = -1

  /** `wanted`: keys of `args` → slots 0, 1, 2 …; several keys may share a slot. */
  constructor(wanted: Readonly<Record<string, number>>) {
    const slots = Math.max(-1, ...Object.values(wanted)) + 1
    this.#wanted = new KeyTable(wanted)
    this.args = new ArgSlots(slots)
  }

  /** `args` as a value; undefined where absent or unreadable. */
  allArgs(): unknown {
    return this.argsStart < 0 ? undefined : nearlyParsed(this.#bytes, this.argsStart, this.argsEnd)
  }

  id2(): unknown {
    return this.id2Start < 0 ? undefined : nearlyParsed(this.#bytes, this.id2Start, this.id2End)
  }

  /** Decodes the object at bytes[at] and answers the index behind it, or MORE. `bytes[end]` must be 0. Throws JsonFault. */
  scan(bytes: Buffer, at: number, end: number): number {
    this.#clear(bytes)
    return this.#object(at, end, this.#fields, false)
  }

  #clear(bytes: Buffer): void {
    this.#bytes = bytes
    this.args.bytes = bytes
    this.phase = 0
    this.category = -1
    this.name = -1
    this.pid = NaN
    this.tid = NaN
    this.pidText = -1
    this.tidText = -1
    this.us = NaN
    this.duration = NaN
    this.id = NaN
    this.scope = 0
    this.id2Start = -1
    this.#clearArgs()
  }

  #clearArgs(): void {
    if (this.argsStart < 0) return
    this.argsStart = -1
    this.args.kind.fill(ArgKind.none)
  }

  /** The members of an event, or of its `args`. */
  #object(at: number, end: number, keys: KeyTable, isArgs: boolean): number {
    const bytes = this.#bytes
    let p = blanksEnd(bytes, at + 1)
    if (bytes[p] === CLOSE_OBJECT) return p + 1
    for (;;) {
      if (bytes[p] !== QUOTE) return missing(bytes, p, end, 'a key')
      const key = p + 1
      p = this.#string(key, end)
      if (p === MORE) return MORE
      const field = this.#isEscaped ? this.#escapedKey(keys, key, p) : keys.find(bytes, key, p)
      p = blanksEnd(bytes, p + 1)
      if (bytes[p] !== COLON) return missing(bytes, p, end, "':'")
      p = blanksEnd(bytes, p + 1)
      if (p >= end) return MORE
      p = field < 0 ? this.#other(p, end) : isArgs ? this.#arg(field, p, end) : this.#field(field, p, end)
      if (p === MORE) return MORE
      p = blanksEnd(bytes, p)
      if (bytes[p] === CLOSE_OBJECT) return p + 1
      if (bytes[p] !== COMMA) return missing(bytes, p, end, "',' or '}'")
      p = blanksEnd(bytes, p + 1)
    }
  }

  #field(field: number, at: number, end: number): number {
    if (field === TIME || field === DURATION) return this.#timeField(field, at, end)
    if (field === ARGS || field === SCOPED_ID) return this.#spanField(field, at, end)
    if (field === ID) return this.#idField(at, end)
    if (field === PHASE || field === SCOPE) return this.#letterField(field, at, end)
    const p = this.#scalar(at, end)
    if (p === MORE) return MORE
    if (field === NAME) this.name = this.#text
    else if (field === CATEGORY) this.category = this.#text
    else if (field === PID) {
      this.pid = this.#number
      this.pidText = this.#text
    } else {
      this.tid = this.#number
      this.tidText = this.#text
    }
    return p
  }

  #letterField(field: number, at: number, end: number): number {
    const bytes = this.#bytes
    let letter = 0
    let p = at + 3
    const first = bytes[at + 1]!
    if (
      at + 2 < end &&
      bytes[at] === QUOTE &&
      first !== BACKSLASH &&
      first !== QUOTE &&
      bytes[at + 2] === QUOTE
    ) {
      letter = first
    } else {
      p = this.#scalar(at, end)
      if (p === MORE) return MORE
      const text = this.#text < 0 ? '' : this.texts.text(this.#text)
      if (text.length === 1) letter = text.charCodeAt(0)
    }
    // Phases and scopes are ASCII letters; anything else is none.
    if (letter > 127) letter = 0
    if (field === PHASE) this.phase = letter
    else this.scope = letter
    return p
  }

  /** Most ids are numbers, decimal or "0x1f": only other texts are worth remembering. */
  #idField(at: number, end: number): number {
    const bytes = this.#bytes
    if (bytes[at] !== QUOTE) {
      const p = this.#scalar(at, end)
      this.id = this.#number
      return p
    }
    const close = this.#string(at + 1, end)
    if (close === MORE) return MORE
    const text = bytes.toString('latin1', at + 1, close)
    this.id = NUMERIC_ID.test(text) ? Number(text) : -1 - this.texts.idOf(bytes, at + 1, close)
    return close + 1
  }

  #timeField(field: number, at: number, end: number): number {
    const isText = this.#bytes[at] === QUOTE
    const first = this.#bytes[isText ? at + 1 : at]!
    if (first !== 0x2d && (first < 0x30 || first > 0x39)) return this.#other(at, end)
    const p = this.#time.read(this.#bytes, isText ? at + 1 : at, end)
    if (p === MORE) return MORE
    if (field === TIME) {
      this.us = this.#time.us
      this.rest = this.#time.rest
    } else this.duration = this.#time.us * 1000 + this.#time.rest
    return isText || Number.isNaN(this.#time.us) ? this.#other(at, end) : p
  }

  #spanField(field: number, at: number, end: number): number {
    if (field === ARGS) this.#clearArgs()
    const isObject = this.#bytes[at] === OPEN_OBJECT
    const p = field === ARGS && isObject ? this.#object(at, end, this.#wanted, true) : this.#other(at, end)
    if (p === MORE) {
      // Slots may have been filled: let the next event's clearing see them.
      if (field === ARGS) this.argsStart = at
      return MORE
    }
    if (field === ARGS) {
      this.argsStart = at
      this.argsEnd = p
    } else {
      this.id2Start = at
      this.id2End = p
    }
    return p
  }

  #arg(slot: number, at: number, end: number): number {
    const first = this.#bytes[at]!
    let p: number
    if (first === QUOTE) {
      p = this.#string(at + 1, end)
      if (p === MORE) return MORE
      this.args.kind[slot] = ArgKind.text
      this.args.start[slot] = at + 1
      this.args.end[slot] = p
      return p + 1
    }
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
      p = this.#numberAt(at, end)
      this.args.kind[slot] = ArgKind.number
      this.args.value[slot] = this.#number
    } else {
      p = this.#other(at, end)
      this.args.kind[slot] = ArgKind.other
    }
    this.args.start[slot] = at
    this.args.end[slot] = p
    return p
  }

  /** A number or a text; of anything else neither. */
  #scalar(at: number, end: number): number {
    const first = this.#bytes[at]!
    this.#number = NaN
    this.#text = -1
    if (first === QUOTE) {
      const close = this.#string(at + 1, end)
      if (close === MORE) return MORE
      this.#text = this.texts.idOf(this.#bytes, at + 1, close)
      return close + 1
    }
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.#numberAt(at, end)
    return this.#other(at, end)
  }

  #numberAt(at: number, end: number): number {
    const bytes = this.#bytes
    let p = at
    let value = 0
    let c = bytes[p]!
    while (c >= 0x30 && c <= 0x39) {
      value = value * 10 + (c - 0x30)
      c = bytes[++p]!
    }
    // Up to fifteen digits the sum is exact; a sign, a point, an exponent and longer numbers go the general way.
    if (p > at && p - at <= 15 && (c === COMMA || c === CLOSE_OBJECT || c === 10 || c === 32)) {
      this.#number = value
      return p
    }
    p = this.#other(at, end)
    if (p !== MORE) this.#number = Number(bytes.toString('latin1', at, p))
    return p
  }

  #other(at: number, end: number): number {
    this.#skipper.reset()
    return this.#skipper.skip(this.#bytes, at, end)
  }

  /** The index of a string's closing quote; says in `#isEscaped` whether a backslash came before it. */
  #string(at: number, end: number): number {
    const bytes = this.#bytes
    let p = at
    let c = bytes[p]!
    while (c !== QUOTE && c !== BACKSLASH && c !== 0) c = bytes[++p]!
    this.#isEscaped = c !== QUOTE
    return c === QUOTE ? p : stringEnd(bytes, p, end)
  }

  #escapedKey(keys: KeyTable, from: number, to: number): number {
    const key = Buffer.from(textOf(this.#bytes, from, to))
    return keys.find(key, 0, key.length)
  }
}

function missing(bytes: Uint8Array, at: number, end: number, expected: string): typeof MORE {
  if (at >= end) return MORE
  throw unexpected(bytes, at, expected)
}
