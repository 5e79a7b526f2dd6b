/** An answer as a table's columns and rows, as bars, and as stretches of the timeline. Plain functions. */
import type { Unit } from '../../../trace/number-format.ts'
import type { SqlAnswer, SqlCell } from '../../../trace/sql-api.ts'
import type { Column, Row } from '../../parts/table-rows.ts'

/** Columns under names of their own: two of one name would be one in a row. */
export function columnsOf(answer: SqlAnswer): Column[] {
  const seen = new Map<string, number>()
  return answer.columns.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    const key = times === 1 ? name : `${name} (${times})`
    const unit = unitOf(name)
    // A name that the statement chose is not one of our definitions.
    return { key, title: key, definition: '', ...(unit === undefined ? {} : { unit }) }
  })
}

/** Names carry their unit. A moment is exact: rounded to three digits it could not be found again. */
function unitOf(name: string): Unit | undefined {
  if (/(^|_)(start|end|time)_ns$/.test(name)) return 'count'
  if (name.endsWith('_ns')) return 'ns'
  return /(^|_)bytes$/.test(name) ? 'bytes' : undefined
}

export const rowsOf = (answer: SqlAnswer, columns: readonly Column[]): Row[] =>
  answer.rows.map((cells) => Object.fromEntries(columns.map((column, i) => [column.key, cells[i]])))

export interface Bars {
  label: Column
  value: Column
  /** In the answer's order. */
  bars: { label: string; value: number }[]
  /** Rows that are not drawn: beyond the most that can be read, or without a value. */
  left: number
}

/** Bars that can still be read, one under the other. */
const MOST_BARS = 40

/**
 * The first column of numbers against the first other column, preferring one of words. Undefined where there are not
 * two such columns, or less than two rows.
 */
export function barsOf(answer: SqlAnswer, columns: readonly Column[]): Bars | undefined {
  const isNumbers = (i: number): boolean =>
    answer.rows.some((row) => typeof row[i] === 'number') &&
    answer.rows.every((row) => typeof row[i] === 'number' || row[i] === null)
  const numbers = columns.map((_, i) => isNumbers(i))
  const words = numbers.indexOf(false)
  // Among numbers only, the first names the rows (a bucket, a device) and the second is what is drawn.
  const label = words >= 0 ? words : 0
  const value = numbers.findIndex(
    (is, i) => is && i !== label && !/_start_ns$|^start_ns$/.test(columns[i].key),
  )
  if (value < 0 || answer.rows.length < 2) return undefined
  const bars = answer.rows.flatMap((row) => {
    const cell = row[value]
    return typeof cell === 'number' ? [{ label: textOf(row[label]), value: cell }] : []
  })
  return {
    label: columns[label],
    value: columns[value],
    bars: bars.slice(0, MOST_BARS),
    left: answer.rows.length - Math.min(bars.length, MOST_BARS),
  }
}

const textOf = (cell: SqlCell | undefined): string =>
  cell === null || cell === undefined
    ? 'NULL'
    : typeof cell === 'number'
      ? cell.toLocaleString('en-US')
      : cell

/** Where a row lies on the timeline: its `start_ns`, for as long as its `duration_ns` says. */
export function stretchOf(row: Row, originNs: number): { from: number; to: number } | undefined {
  const { start_ns: start, duration_ns: duration } = row
  if (typeof start !== 'number') return undefined
  const from = start - originNs
  return { from, to: from + (typeof duration === 'number' ? duration : 0) }
}
