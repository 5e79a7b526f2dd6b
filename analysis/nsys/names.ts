/**
 * Names as nsys' reports print them.
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'

/** A name whose string is missing in the file reads "#<id>" in a Trace; nsys prints nothing. */
const MISSING = /^#\d+$/

/**
 * nsys cuts an API name's version only where it has exactly four digits:
 * cudaLaunchKernel_v7000 → cudaLaunchKernel, but cudaGraphLaunch_v10000 stays.
 */
export const withoutVersion = (name: string): string =>
  name.length >= 6 && name.at(-6) === '_' && name.at(-5) === 'v' ? name.slice(0, -6) : name

/** Texts by index, each text once, so that rows can be grouped by number: entry 0 is the absent name. */
export class TextIds {
  readonly texts: (string | null)[] = [null]
  readonly #ids = new Map<string, number>()

  idOf(text: string | null): number {
    if (text === null) return 0
    let id = this.#ids.get(text)
    if (id === undefined) this.#ids.set(text, (id = this.texts.push(text) - 1))
    return id
  }
}

/** The text of a string index of the trace, null for an absent or missing one. */
export function nameText(trace: Trace, index: number | undefined): string | null {
  if (index === undefined || index === NONE) return null
  return nameTexts(trace)[index]!
}

const nameTexts = derived((trace): readonly (string | null)[] =>
  trace.strings.map((text) => (MISSING.test(text) ? null : text)),
)

/** For grouping by name: each string's index, and one for all names that are missing in the file. */
export const nameKeys = derived((trace) =>
  Uint32Array.from(trace.strings, (text, index) => (MISSING.test(text) ? NONE : index)),
)

/** What each string of the trace becomes, computed once a string: (index) → text. */
export function mappedNames(
  trace: Trace,
  change: (text: string) => string,
): (index: number) => string | null {
  const known: (string | null | undefined)[] = []
  return (index) => {
    if (index === NONE) return null
    let text = known[index]
    if (text === undefined) {
      const plain = nameText(trace, index)
      text = known[index] = plain === null ? null : change(plain)
    }
    return text
  }
}

export const apiNames = derived((trace) => mappedNames(trace, withoutVersion))
