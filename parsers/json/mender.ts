/**
 * Reads one object of nearly JSON and writes it as JSON. `mend.ts` tells what it undoes and why.
 */
import { MOST_DEPTH } from './skip.ts'
import { isUnescaped } from './text.ts'

/** Fields of an event: a text among them ends only before one of these, or before the event's end. */
export const EVENT_FIELD =
  /^,\s*"?(ph|cat|name|pid|tid|ts|dur|tdur|tts|id|id2|s|bp|args|cname|sf|esf|stack|estack|scope)"\s*:\s*\S/
/** What a text has in it that went on over the end of its own field. */
const TAKEN_IN = /"(ph|pid|tid|ts|dur|args)"\s*:/
/** The same of objects whose keys are anybody's. */
export const ANY_FIELD = /^,\s*"?[^"\n]{0,80}"\s*:\s*\S/
/** Behind a text of a list. */
const ITEM = /^,\s*["[{\w-]/
const WORD = /[\w.+\-#/()]+/y
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
const BARE_KEY = /\w[\w ]{0,40}(?="\s*:)/y

/** What a Mender throws: nothing helps; or its text ends first. */
export const HOPELESS = Symbol('hopeless')
/** See HOPELESS. */
export const CUT = Symbol('cut')

/** What comes behind a quote is told by so much. */
const LOOKAHEAD = 200

/** `field`: what follows the comma behind a text of the outermost object. Throws HOPELESS or CUT. */
export class Mender {
  at = 0
  /** One character a byte. */
  readonly #text: string
  readonly #isAll: boolean
  readonly #field: RegExp
  #depth = 0

  constructor(text: string, isAll: boolean, field: RegExp) {
    this.#text = text
    this.#isAll = isAll
    this.#field = field
  }

  event(): string {
    if (this.#text[0] !== '{') throw HOPELESS
    return this.#object()
  }

  #object(): string {
    const members: string[] = []
    for (this.#open(); this.#next() !== '}';) {
      const key = this.#key()
      if (this.#next() !== ':') throw HOPELESS
      this.at++
      members.push(`${key}:${this.#value(this.#depth === 1 ? this.#field : ANY_FIELD)}`)
      this.#separator('}')
    }
    this.#close()
    return `{${members.join(',')}}`
  }

  #array(): string {
    const items: string[] = []
    for (this.#open(); this.#next() !== ']';) {
      if (this.#text[this.at] !== ',') items.push(this.#value(ITEM))
      this.#separator(']')
    }
    this.#close()
    return `[${items.join(',')}]`
  }

  #open(): void {
    if (++this.#depth > MOST_DEPTH) throw HOPELESS
    this.at++
  }

  #close(): void {
    this.#depth--
    this.at++
  }

  /** Commas, one or too many; or the closing bracket, which stays. */
  #separator(close: string): void {
    if (this.#next() !== ',' && this.#text[this.at] !== close) throw HOPELESS
    while (this.#next() === ',') this.at++
  }

  #key(): string {
    if (this.#text[this.at] !== '"') {
      const bare = matchAt(BARE_KEY, this.#text, this.at)
      if (bare === '') throw HOPELESS
      this.at += bare.length + 1
      return `"${bare}"`
    }
    const close = this.#text.indexOf('"', this.at + 1)
    if (close < 0) throw CUT
    const key = this.#text.slice(this.at + 1, close)
    this.at = close + 1
    return quoted(key)
  }

  /** `goesOn`: what follows a text that ends here, from its comma on. */
  #value(goesOn: RegExp): string {
    const first = this.#next()
    if (first === '{') return this.#object()
    if (first === '[') return this.#array()
    if (first === '"') return this.#string(goesOn)
    if (first === ',' || first === '}') return 'null'
    const word = matchAt(WORD, this.#text, this.at)
    if (word === '') throw HOPELESS
    this.at += word.length
    // A word at the very end may go on.
    this.#next()
    if (NUMBER.test(word)) return word.replace(/^(-?)0+(?=\d)/, '$1')
    return /^(true|false)$/i.test(word) ? word.toLowerCase() : 'null'
  }

  /** A text ends at the first quote behind which the event goes on as events do. */
  #string(goesOn: RegExp): string {
    const from = this.at + 1
    for (let close = from - 1; ;) {
      close = this.#text.indexOf('"', close + 1)
      if (close < 0) throw CUT
      if (!this.#isEnd(close, goesOn)) continue
      const raw = this.#text.slice(from, close)
      // It did not end before a field that is none of the known ones, and took the rest in: so that is not how to tell.
      if (goesOn === EVENT_FIELD && TAKEN_IN.test(raw)) throw HOPELESS
      this.at = close + 1
      return quoted(raw)
    }
  }

  #isEnd(quote: number, goesOn: RegExp): boolean {
    if (isEscaped(this.#text, quote)) return false
    const next = this.#skip(quote + 1)
    if (!this.#isAll && next + LOOKAHEAD > this.#text.length) throw CUT
    const rest = this.#text.slice(next, next + LOOKAHEAD)
    if (rest[0] === ']') return true
    if (rest[0] === '}') return /[,}\]]|^$/.test(this.#text[this.#skip(next + 1)] ?? '')
    return goesOn.test(rest)
  }

  /** The next character that is no white space, which becomes the current one. */
  #next(): string {
    this.at = this.#skip(this.at)
    return this.#text[this.at]!
  }

  #skip(from: number): number {
    let at = from
    while (/\s/.test(this.#text[at] ?? '.')) at++
    if (at >= this.#text.length && !this.#isAll) throw CUT
    if (at > this.#text.length) throw CUT
    return at
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0
  while (text[quote - 1 - slashes] === '\\') slashes++
  return slashes % 2 === 1
}

/** A text's bytes as JSON. */
function quoted(raw: string): string {
  const text = isUnescaped(raw) ? raw.replace(/\\(?!")/g, '\\\\') : raw
  const escaped = text.replace(/\\(u[0-9a-fA-F]{4}|["\\/bfnrt])?|"/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  )
  // eslint-disable-next-line no-control-regex
  return `"${escaped.replace(/[\x00-\x1f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}
