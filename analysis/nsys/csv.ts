/**
 * A report as CSV, in nsys' digits. A field is quoted where it holds a comma, a quote or a line break, and quotes inside
 * are doubled (RFC 4180); nsys leaves them single, so such a file of its own cannot be read back. Cells are the same.
 */
import { CsvBytes, quoted } from './csv-bytes.ts'
import { writeThousandths } from './rounding.ts'
import type { Cell, CellType, Report, ReportRows } from './report.ts'

/** A cell as text; an absent one is empty. */
export function writeCell(cell: Cell, type: CellType): string {
  if (cell === null) return ''
  if (typeof cell !== 'number') return String(cell)
  return type === 'tenths' ? cell.toFixed(1) : type === 'thousandths' ? writeThousandths(cell) : String(cell)
}

/** The header line and then the rows, as UTF-8 in pieces of some 64 kB. A report without rows is empty, as nsys has it. */
export function* csvPieces(report: Pick<Report, 'columns'>, rows: ReportRows): Generator<Uint8Array> {
  if (rows.length === 0) return
  const types = report.columns.map((column) => column.type)
  const bytes = new CsvBytes()
  bytes.line(
    report.columns.map((column) => column.title),
    report.columns.map(() => 'text'),
  )
  for (let i = 0; i < rows.length; i++) {
    bytes.line(rows.row(i), types)
    if (bytes.isFull) yield bytes.take()
  }
  yield bytes.take()
}

/** The same as one text, for reports that are not long. */
export function toCsv(report: Pick<Report, 'columns'>, rows: ReportRows): string {
  if (rows.length === 0) return ''
  const lines = [report.columns.map((column) => quoted(column.title)).join(',')]
  for (let i = 0; i < rows.length; i++)
    lines.push(
      rows
        .row(i)
        .map((cell, c) => quoted(writeCell(cell, report.columns[c]!.type)))
        .join(','),
    )
  return lines.join('\n') + '\n'
}
