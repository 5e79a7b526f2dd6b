/**
 * An event that is no JSON, as its writer meant it: the mistakes that profilers are known to make, undone.
 *
 *   "name": "{"device": "cpu"}(12): run", "pid": 7     quotes that were not escaped (libkineto until 2026, ONNX Runtime)
 *   "name": "torch\nn\modules\…"                       backslashes that were not, on Windows
 *   "bandwidth": N/A    "x": -nan(ind)    "x": None    words of the writer's language: become null
 *   [{"float":[1,2]},]   "a": ,                        a comma too many, a value too few (ONNX Runtime until 1.11)
 *   tid": 0                                            a key without its first quote (PyTorch's profiler of early 2020)
 *
 * The scanners stay strict: this is asked only where they stop, and what it writes goes through them again.
 */
import { ANY_FIELD, CUT, EVENT_FIELD, HOPELESS, Mender } from './mender.ts'

/** The first lookahead is short, as events are; a longer event is tried again with more. */
const FIRST_BYTES = 1 << 14
/** Longer events are not mended. */
const MOST_BYTES = 1 << 20

/**
 * JSON for the object at bytes[at], with where it ends in `bytes`; 'more' where that is not told by the bytes at hand;
 * undefined where nothing helps.
 */
export function mended(
  bytes: Buffer,
  at: number,
  end: number,
  isLast: boolean,
): Mending | 'more' | undefined {
  return attempt(bytes, at, end, isLast, EVENT_FIELD) ?? attempt(bytes, at, end, isLast, ANY_FIELD)
}

interface Mending {
  json: string
  end: number
}

/** `field`: what follows the comma behind a text of the outermost object. */
function attempt(
  bytes: Buffer,
  at: number,
  end: number,
  isLast: boolean,
  field: RegExp,
): Mending | 'more' | undefined {
  for (let length = FIRST_BYTES; length <= MOST_BYTES; length *= 8) {
    const isAll = at + length >= end
    const text = bytes.toString('latin1', at, Math.min(end, at + length))
    const mender = new Mender(text, isAll && isLast, field)
    try {
      return { json: mender.event(), end: at + mender.at }
    } catch (error) {
      if (error === HOPELESS) return undefined
      if (error !== CUT) throw error
      if (isAll) return isLast ? undefined : 'more'
    }
  }
  return undefined
}

/** The value that a text of JSON, or of nearly JSON, stands for; undefined where it is too far from it. */
export function nearlyParsed(bytes: Buffer, from: number, to: number): unknown {
  const text = bytes.toString('utf8', from, to)
  try {
    return JSON.parse(text) as unknown
  } catch {
    const mending = attempt(bytes, from, to, true, ANY_FIELD)
    if (mending === undefined || mending === 'more') return undefined
    return JSON.parse(Buffer.from(mending.json, 'latin1').toString('utf8')) as unknown
  }
}
