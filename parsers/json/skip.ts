/**
 * Walks over one JSON value without decoding it: checks the grammar, remembers nothing but the open brackets.
 *
 * It can stop at the end of the bytes at hand and go on with the next ones, inside a string too, so a value may be larger
 * than memory. Depth is bounded and there is no recursion, so a file of a million "[" is an error, not a crash.
 *
 * A little more than JSON is let through, because profilers write it: NaN, Infinity, inf; raw control characters and
 * unknown escapes (a Windows path) in strings.
 */
import { JsonFault, unexpected } from './fault.ts'

/** Answer of every scanner that ran off the end of the bytes at hand. */
export const MORE = -1

export const MOST_DEPTH = 1000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const VALUE = 0
const VALUE_OR_CLOSE = 1
const KEY_OR_CLOSE = 2
const KEY = 3
const AFTER_KEY = 4
const AFTER_VALUE = 5

const EXPECTED = ['a value', "a value or ']'", "a key or '}'", 'a key', "':'", "',' or a closing bracket"]

/** Bytes of numbers and words: 0–9 A–Z a–z + - . */
const WORD = new Uint8Array(256)
for (const text of '0123456789+-.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  WORD[text.charCodeAt(0)] = 1
const MINUS = 0x2d
const DOT = 0x2e
const WORDS = new Set([
  'true',
  'false',
  'null',
  ...['nan', 'inf', 'infinity'].flatMap((word) => [word, `-${word}`]),
])
const LONGEST_WORD = 10

export class ValueSkipper {
  /** Where to go on after MORE; bytes before it are not needed again. */
  resumeAt = 0
  readonly #isObject = new Uint8Array(MOST_DEPTH)
  #depth = 0
  #state = VALUE
  #inString = false

  /** Forgets an unfinished value. */
  reset(): void {
    this.#depth = 0
    this.#state = VALUE
    this.#inString = false
  }

  /**
   * Walks on from `at` to the end of the value and answers the index behind it, or MORE. `bytes[end]` must be 0.
   * `isLast`: nothing comes after `end`, so a number may end there. Throws JsonFault.
   */
  skip(bytes: Uint8Array, at: number, end: number, isLast = false): number {
    const isObject = this.#isObject
    let depth = this.#depth
    let state = this.#state
    let p = at
    if (this.#inString) {
      p = stringEnd(bytes, p, end)
      if (p === MORE) return this.#pause(restartInString(bytes, at, end), depth, state, true)
      p++
      state = state === VALUE ? AFTER_VALUE : AFTER_KEY
      this.#inString = false
    }
    for (;;) {
      if (depth === 0 && state === AFTER_VALUE) {
        this.reset()
        return p
      }
      let c = bytes[p]!
      while (c === 32 || c === 10 || c === 13 || c === 9) c = bytes[++p]!
      if (c === 0 && p >= end) return this.#pause(end, depth, state, false)
      if (c === QUOTE && state !== AFTER_VALUE && state !== AFTER_KEY) {
        const isKey = state === KEY || state === KEY_OR_CLOSE
        const close = stringEnd(bytes, p + 1, end)
        if (close === MORE)
          return this.#pause(restartInString(bytes, p + 1, end), depth, isKey ? KEY : VALUE, true)
        p = close + 1
        state = isKey ? AFTER_KEY : AFTER_VALUE
      } else if (state <= VALUE_OR_CLOSE && WORD[c] === 1) {
        let q = p + 1
        while (WORD[bytes[q]!] === 1) q++
        if (q >= end && !isLast) return this.#pause(p, depth, state, false)
        // Plain small integers are by far the most common; only the others are looked at more closely.
        if ((q - p > 1 || c > 0x39 || c < 0x30) && !isKnownWord(bytes, p, q))
          throw unexpected(bytes, p, 'a value')
        p = q
        state = AFTER_VALUE
      } else if (state <= VALUE_OR_CLOSE && (c === OPEN_ARRAY || c === OPEN_OBJECT)) {
        if (depth === MOST_DEPTH) throw new JsonFault(`nests brackets deeper than ${MOST_DEPTH}`, p)
        isObject[depth++] = c === OPEN_OBJECT ? 1 : 0
        state = c === OPEN_OBJECT ? KEY_OR_CLOSE : VALUE_OR_CLOSE
        p++
      } else if (state === AFTER_KEY && c === COLON) {
        state = VALUE
        p++
      } else if (state === AFTER_VALUE && c === COMMA) {
        state = isObject[depth - 1] === 1 ? KEY : VALUE
        p++
      } else if (
        (c === CLOSE_ARRAY &&
          (state === AFTER_VALUE || state === VALUE_OR_CLOSE) &&
          isObject[depth - 1] === 0) ||
        (c === CLOSE_OBJECT && (state === AFTER_VALUE || state === KEY_OR_CLOSE) && isObject[depth - 1] === 1)
      ) {
        depth--
        state = AFTER_VALUE
        p++
      } else throw unexpected(bytes, p, EXPECTED[state]!)
    }
  }

  #pause(at: number, depth: number, state: number, inString: boolean): typeof MORE {
    this.resumeAt = at
    this.#depth = depth
    this.#state = state
    this.#inString = inString
    return MORE
  }
}

/** The index of the first byte that is no white space. */
export function blanksEnd(bytes: Uint8Array, at: number): number {
  let p = at
  let c = bytes[p]!
  while (c === 32 || c === 10 || c === 13 || c === 9) c = bytes[++p]!
  return p
}

/** The index of the closing quote of a string whose text begins at `at`, or MORE. */
export function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  let p = at
  for (;;) {
    let c = bytes[p]!
    while (c !== QUOTE && c !== BACKSLASH && c !== 0) c = bytes[++p]!
    if (c === QUOTE) return p
    if (p >= end) return MORE
    // A backslash takes the next byte with it, whatever that is; a NUL inside the text is left to the decoder.
    p += c === BACKSLASH ? 2 : 1
    if (p > end) return MORE
  }
}

/** Where to go on inside a cut string: at its end, or at a backslash whose partner has not come yet. */
function restartInString(bytes: Uint8Array, at: number, end: number): number {
  let slashes = 0
  while (end - 1 - slashes >= at && bytes[end - 1 - slashes] === BACKSLASH) slashes++
  return slashes % 2 === 1 ? end - 1 : end
}

function isKnownWord(bytes: Uint8Array, from: number, to: number): boolean {
  let p = bytes[from] === MINUS ? from + 1 : from
  const digits = p
  p = digitsEnd(bytes, p)
  if (p > digits) {
    if (bytes[p] === DOT) p = digitsEnd(bytes, p + 1)
    if (bytes[p] === 0x65 || bytes[p] === 0x45) {
      const sign = bytes[p + 1]
      p = digitsEnd(bytes, sign === MINUS || sign === 0x2b ? p + 2 : p + 1)
    }
    return p === to
  }
  let text = ''
  for (let i = from; i < to && i < from + LONGEST_WORD; i++) text += String.fromCharCode(bytes[i]!)
  return WORDS.has(text.toLowerCase())
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let p = at
  while (bytes[p]! >= 0x30 && bytes[p]! <= 0x39) p++
  return p
}
