/**
 * A report as CSV, in nsys' digits. A field is quoted where it holds a comma, a quote or a line break, and quotes inside
 * are doubled (RFC 4180); nsys leaves them single, so such a file of its own cannot be read back. Cells are the same.
 */
import { writeThousandths } from './rounding.ts'
import type { Cell, CellType, Report, ReportRows } from './report.ts'

/** A cell as text; an absent one is empty. */
export function writeCell(cell: Cell, type: CellType): string {
  if (cell === null) return ''
  if (typeof cell !== 'number') return String(cell)
  return type === 'tenths' ? cell.toFixed(1) : type === 'thousandths' ? writeThousandths(cell) : String(cell)
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The header line and then the rows, in pieces of some thousand lines. A report without rows is empty, as nsys has it. */
export function* csvPieces(report: Pick<Report, 'columns'>, rows: ReportRows): Generator<string> {
  if (rows.length === 0) return
  const { columns } = report
  const types = columns.map((column) => column.type)
  let piece = columns.map((column) => quoted(column.title)).join(',') + '\n'
  for (let i = 0; i < rows.length; i++) {
    const row = rows.row(i)
    for (let c = 0; c < types.length; c++) {
      const cell = row[c]!
      if (c > 0) piece += ','
      if (cell !== null) piece += typeof cell === 'string' ? quoted(cell) : writeCell(cell, types[c]!)
    }
    piece += '\n'
    if (piece.length > 1 << 16) {
      yield piece
      piece = ''
    }
  }
  if (piece !== '') yield piece
}

/** The whole text. */
export const toCsv = (report: Pick<Report, 'columns'>, rows: ReportRows): string =>
  [...csvPieces(report, rows)].join('')
