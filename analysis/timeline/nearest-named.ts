/**
 * The span of a name that is meant by "go there" while a stretch of time is looked at:
 *
 *              from ├───────── looked at ─────────┤ to
 *   1.                    [first that starts in it]
 *   2.   [last that reaches into it ──]
 *   3.                                                 [next after it]
 *   4.  [last before it]
 */
import { NONE } from '../../trace/column.ts'
import { UserError } from '../../trace/errors.ts'
import type { SpanPlace } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { placeOf, spanTable } from './places.ts'
import { firstReaching } from './reach.ts'

/**
 * `name` is the whole name; '' is that of spans without one. Throws UserError('not-found') for another table, and where
 * the table has no span of that name.
 */
export function nearestNamed(
  trace: Trace,
  tableName: string,
  name: string,
  fromNs: number,
  toNs: number,
): SpanPlace {
  const table = spanTable(trace, tableName)
  const { start, duration, length } = trace[table]
  const rows = new RowsOfName(trace, table, name)
  const place = (row: number): SpanPlace => placeOf(trace, table, row)
  const first = firstFrom(start, length, fromNs)
  const next = rows.atOrAfter(first)
  if (next >= 0 && start[next]! < toNs) return place(next)
  const least = firstReaching(trace, table, fromNs)
  const before = rows.before(first)
  for (let row = before; row >= least; row = rows.before(row))
    if (start[row]! + duration[row]! > fromNs) return place(row)
  if (next >= 0) return place(next)
  if (before >= 0) return place(before)
  throw new UserError('not-found', `${table} has no span named "${name}"; search finds names by their words`)
}

/** Rows of one name, by their number. */
class RowsOfName {
  readonly #column: Uint32Array | undefined
  readonly #length: number
  /** Values of the column that stand for the name: a span without one may say NONE or the empty string. */
  readonly #values: readonly number[]

  constructor(trace: Trace, table: ReturnType<typeof spanTable>, name: string) {
    this.#column = trace[table].name
    this.#length = trace[table].length
    const string = trace.strings.indexOf(name)
    this.#values = [...(string < 0 ? [] : [string]), ...(name === '' ? [NONE] : [])]
  }

  /** The first from `row` on; −1 without one. */
  atOrAfter(row: number): number {
    if (this.#column === undefined) return this.#values.includes(NONE) && row < this.#length ? row : -1
    const found = this.#values.map((value) => this.#column!.indexOf(value, row)).filter((at) => at >= 0)
    return found.length === 0 ? -1 : Math.min(...found)
  }

  /** The last before `row`; −1 without one. */
  before(row: number): number {
    if (row <= 0) return -1
    if (this.#column === undefined) return this.#values.includes(NONE) ? row - 1 : -1
    return Math.max(-1, ...this.#values.map((value) => this.#column!.lastIndexOf(value, row - 1)))
  }
}

/** The first row that starts at `ns` or later; the table's length without one. */
function firstFrom(start: Float64Array, length: number, ns: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[middle]! < ns) low = middle + 1
    else high = middle
  }
  return low
}
