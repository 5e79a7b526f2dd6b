/** What a table shows of its rows: those that match, in order, as text and as CSV. Plain functions over plain rows. */
import { exactValue, formatSigned, formatValue, NONE } from '../../trace/number-format.ts'
import type { Unit } from '../../trace/number-format.ts'

export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

export interface Column {
  readonly key: string
  readonly title: string
  readonly unit?: Unit
  /** Key in docs/definitions.md; the column's own key unless given. */
  readonly definition?: string
  /** Numbers are also drawn, as a bar in proportion to the column's largest. */
  readonly bar?: boolean
  /** Numbers carry their sign. */
  readonly signed?: boolean
  /** A cell in its own writing, instead of three digits and a unit. */
  readonly write?: (cell: Cell) => string
  /** What the table is read for: on a narrow screen it stands beside the name. Unless told, the first drawn or first number. */
  readonly deciding?: boolean
  /** In characters, where cells are drawn by the view. */
  readonly width?: number
}

/** Whether a column holds phases: of a path too long for its cell the end is read, not the beginning. */
export const isPath = ({ key, definition = key }: Column): boolean =>
  definition === 'path' || definition === 'phase'

/** "-gpuBusyNs" is descending by gpuBusyNs. */
export type Order = string

/** Rows in which every word of `find` stands in some text cell, whatever its case. */
export function matching(rows: readonly Row[], find: string): readonly Row[] {
  const words = find
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = Object.values(row)
      .filter((cell) => typeof cell === 'string')
      .join('\n')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** A copy in order; rows without a value come last either way, equals keep their place. */
export function ordered(rows: readonly Row[], order: Order | undefined): readonly Row[] {
  if (order === undefined || order === '') return rows
  const down = order.startsWith('-')
  const key = down ? order.slice(1) : order
  const sign = down ? -1 : 1
  return rows.toSorted((a, b) => {
    const [x, y] = [a[key] ?? null, b[key] ?? null]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y)
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true })
  })
}

/** The other direction of the column that orders already; else numbers from the largest, words from A. */
export function nextOrder(order: Order | undefined, key: string, numbers: boolean): Order {
  if (order === key) return `-${key}`
  if (order === `-${key}`) return key
  return numbers ? `-${key}` : key
}

/** For a screen with room for two: the name, and the number that the table is read for; then the others. */
export function narrowed(columns: readonly Column[], rows: readonly Row[]): readonly Column[] {
  const name = columns.find((one) => one.width === undefined && !isNumeric(one, rows))
  const number =
    columns.find((one) => one.deciding) ??
    columns.find((one) => one.bar) ??
    columns.find((one) => isNumeric(one, rows))
  const first = [name, number].filter((one) => one !== undefined)
  return [...first, ...columns.filter((one) => !first.includes(one))]
}

export function isNumeric(column: Column, rows: readonly Row[]): boolean {
  if (column.unit !== undefined) return column.unit !== 'text' && column.unit !== 'prose'
  return (
    rows.length > 0 && rows.every((row) => typeof row[column.key] === 'number' || row[column.key] === null)
  )
}

/** A cell as it is shown. */
export function shown(cell: Cell | undefined, column: Column): string {
  if (cell !== undefined && column.write !== undefined) return column.write(cell)
  if (cell === null || cell === undefined) return NONE
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'string') return cell
  return column.signed ? formatSigned(cell, column.unit) : formatValue(cell, column.unit)
}

/** A cell's whole value, for hover and copy. */
export const whole = (cell: Cell | undefined, column: Column): string =>
  typeof cell === 'number' && column.write === undefined ? exactValue(cell, column.unit) : shown(cell, column)

/** RFC 4180, keys as the head (they carry their unit), every value exact. */
export function csv(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [columns.map((column) => quoted(column.key))]
  for (const row of rows) lines.push(columns.map((column) => quoted(row[column.key])))
  return lines.map((line) => line.join(',')).join('\r\n') + '\r\n'
}

function quoted(cell: Cell | undefined): string {
  const text = cell === null || cell === undefined ? '' : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * The characters a column needs for its heading and a sample of its cells. The first column of words takes whatever is
 * left; for it this is the least.
 */
export function widthOf(column: Column, rows: readonly Row[]): number {
  if (column.width !== undefined) return column.width
  const step = Math.max(1, Math.floor(rows.length / 100))
  let longest = 0
  for (let i = 0; i < rows.length; i += step)
    longest = Math.max(longest, shown(rows[i][column.key], column).length)
  const numeric = isNumeric(column, rows)
  // A heading is set smaller, with its arrow and its question mark beside it; 24 px of padding are some 4 characters.
  return Math.max(Math.ceil(0.9 * column.title.length) + 4, Math.min(longest, numeric ? 18 : 36)) + 4
}
