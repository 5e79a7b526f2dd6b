/**
 * A table as aligned text: words left, numbers right, three significant digits and a unit.
 */
import type { ResultColumn, ResultTable } from '../analysis/analysis.ts'
import { formatValue } from '../draw/format.ts'

const LONGEST = 72

export function textTable(table: ResultTable): string {
  const { columns, rows } = table
  if (rows.length === 0) return '  (none)\n'
  const cells = rows.map((row) => columns.map((column) => cell(column, row[column.key])))
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((line) => line[i]!.length)),
  )
  const line = (texts: readonly string[]): string =>
    `  ${texts.map((text, i) => (isNumber(columns[i]!) ? text.padStart(widths[i]!) : text.padEnd(widths[i]!))).join('  ')}`.trimEnd()
  return `${[line(columns.map((column) => column.title)), ...cells.map(line)].join('\n')}\n`
}

const isNumber = (column: ResultColumn): boolean => column.unit !== undefined && column.unit !== 'text'

function cell(column: ResultColumn, value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'number') return formatValue(value, column.unit)
  const text = String(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`
}
