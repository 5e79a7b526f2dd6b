/** Reports as plain data, for JSON: the list of those there are, and the rows of one. */
import type { NsysReportAnswer, NsysReportInfo } from '../../trace/nsys-api.ts'
import type { Trace } from '../../trace/trace.ts'
import { nsysReports } from './index.ts'
import { whySkipped } from './report.ts'
import type { Cell, Report, ReportRows } from './report.ts'

/** Every report and rule, with why nsys would skip it for this trace. */
export const reportsOf = (trace: Trace): NsysReportInfo[] =>
  nsysReports.map((one) => ({
    id: one.id,
    title: one.title,
    kind: one.kind,
    skipped: whySkipped(one, trace) ?? null,
  }))

/** At most `most` rows of a report. */
export const documentOf = (report: Report, rows: ReportRows, most = Infinity): NsysReportAnswer => ({
  report: report.id,
  columns: report.columns.map(({ title, type }) => ({ title, type })),
  rows: Array.from({ length: Math.min(rows.length, most) }, (_, i) => rows.row(i).map(plain)),
  total: rows.length,
})

export const plain = (cell: Cell | undefined): string | number | null =>
  cell === undefined ? null : typeof cell === 'bigint' ? String(cell) : cell
