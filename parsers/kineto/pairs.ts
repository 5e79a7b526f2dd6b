/**
 * Ranges out of their two ends: B and E of a thread, b and e (S and F) of an asynchronous id.
 *
 *   B a ─────────────── E        an end closes the innermost open range of its thread or id,
 *     B b ──── E b               and where it has a name, the innermost of that name if there is one: so two may cross
 *
 * Events need not be in order: they are sorted by time first; at one time the file's order decides.
 */
import { NONE } from '../../trace/column.ts'
import { ascendingOrder } from '../order.ts'
import { RangeStyle } from '../../trace/tables.ts'
import type { Rows } from './rows.ts'
import type { Tally } from './tally.ts'

const code = (letter: string): number => letter.charCodeAt(0)
const BEGINS = new Set(['B', 'b', 'S'].map(code))
const ENDS = new Set(['E', 'e', 'F'].map(code))
const OF_THREAD = new Set(['B', 'E'].map(code))

export const isBegin = (phase: number): boolean => BEGINS.has(phase)
export const isEnd = (phase: number): boolean => ENDS.has(phase)
/** Whether it nests on its thread; else it is asynchronous and goes by its id. */
export const isOfThread = (phase: number): boolean => OF_THREAD.has(phase)

/** Adds the ranges to `rows.ranges`: open ones with duration 0. Counts each end as a skip, joined or not. */
export function pairEdges(rows: Rows, tally: Tally): void {
  const { edges, ranges } = rows
  const order = ascendingOrder(edges.column('start'))
  const openByKey = new Map<number, OpenRanges>()
  const isOpen = (row: number): boolean => ranges.get('open', row) === 1
  const nameOf = (row: number): number => ranges.get('name', row)
  for (const edge of order) {
    const key = edges.get('key', edge)
    let open = openByKey.get(key)
    if (open === undefined) openByKey.set(key, (open = new OpenRanges(isOpen, nameOf)))
    const phase = edges.get('phase', edge)
    if (isBegin(phase)) {
      open.push(addRange(rows, edge))
      continue
    }
    const row = open.close(edges.get('name', edge))
    const category = edges.get('category', edge)
    tally.skip(category === NONE ? -1 : category, phase, row === undefined ? 'endWithoutBegin' : 'end')
    if (row === undefined) continue
    ranges.set('duration', row, edges.get('start', edge) - ranges.get('start', row))
    ranges.set('open', row, 0)
    if (edges.get('place', edge) !== ranges.get('place', row))
      ranges.set('endPlace', row, edges.get('place', edge))
  }
}

/**
 * The open ranges of one key. Closed ones stay in the lists until they come to the top, so that a hundred thousand ranges
 * that never end cost no search for each end among them.
 */
class OpenRanges {
  readonly #rows: number[] = []
  /** By name, from the first end on that does not fit the innermost range. */
  #byName: Map<number, number[]> | undefined
  readonly #isOpen: (row: number) => boolean
  readonly #nameOf: (row: number) => number

  constructor(isOpen: (row: number) => boolean, nameOf: (row: number) => number) {
    this.#isOpen = isOpen
    this.#nameOf = nameOf
  }

  push(row: number): void {
    this.#rows.push(row)
    if (this.#byName !== undefined) this.#addName(this.#byName, row)
  }

  /** Takes out the range that an end of this name closes; undefined where none is open. */
  close(name: number): number | undefined {
    const innermost = this.#top(this.#rows)
    if (innermost === undefined) return undefined
    if (this.#nameOf(innermost) === name) return this.#rows.pop()
    if (this.#byName === undefined) {
      this.#byName = new Map()
      for (const row of this.#rows) if (this.#isOpen(row)) this.#addName(this.#byName, row)
    }
    const named = this.#byName.get(name)
    return this.#top(named ?? []) === undefined ? this.#rows.pop() : named!.pop()
  }

  #addName(byName: Map<number, number[]>, row: number): void {
    const name = this.#nameOf(row)
    const known = byName.get(name)
    if (known === undefined) byName.set(name, [row])
    else known.push(row)
  }

  /** The last row that is still open; drops the closed ones above it. */
  #top(rows: number[]): number | undefined {
    while (rows.length > 0 && !this.#isOpen(rows.at(-1)!)) rows.pop()
    return rows.at(-1)
  }
}

function addRange({ edges, ranges }: Rows, edge: number): number {
  const row = ranges.length
  const i = ranges.add()
  const to = ranges.columns
  to.start[i] = edges.get('start', edge)
  to.sourceRow[i] = edges.get('sourceRow', edge)
  to.open[i] = 1
  to.style[i] = isOfThread(edges.get('phase', edge)) ? RangeStyle.pushPop : RangeStyle.startEnd
  to.place[i] = edges.get('place', edge)
  to.name[i] = edges.get('name', edge)
  to.category[i] = edges.get('category', edge)
  return row
}
