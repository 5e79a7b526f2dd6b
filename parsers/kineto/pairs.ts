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
  const openByKey = new Map<number, number[]>()
  for (const edge of order) {
    const key = edges.get('key', edge)
    let open = openByKey.get(key)
    if (open === undefined) openByKey.set(key, (open = []))
    const name = edges.get('name', edge)
    const phase = edges.get('phase', edge)
    if (isBegin(phase)) {
      open.push(addRange(rows, edge))
      continue
    }
    const named = open.findLastIndex((row) => ranges.get('name', row) === name)
    const at = named >= 0 ? named : open.length - 1
    const category = edges.get('category', edge)
    tally.skip(category === NONE ? -1 : category, phase, at < 0 ? 'endWithoutBegin' : 'end')
    if (at < 0) continue
    const [row] = open.splice(at, 1) as [number]
    ranges.set('duration', row, edges.get('start', edge) - ranges.get('start', row))
    ranges.set('open', row, 0)
    if (edges.get('place', edge) !== ranges.get('place', row))
      ranges.set('endPlace', row, edges.get('place', edge))
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
