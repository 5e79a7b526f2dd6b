/** `stats RUN --report NAME`: what nsys' own reports and rules print, recomputed. `gpu_gaps:gap=0:rows=50` sets arguments. */
import { documentOf, plain, reportsOf } from '../../analysis/nsys/document.ts'
import { csvPieces, nsysReportOf, runReport } from '../../analysis/nsys/index.ts'
import type { Report, ReportRows } from '../../analysis/nsys/index.ts'
import { UserError } from '../../trace/errors.ts'
import { loadTrace } from '../context.ts'
import type { Context } from '../context.ts'
import { textTable } from '../text-table.ts'

export interface StatsOptions {
  report: string[]
  csv?: boolean
}

/** nsys' names of arguments, where ours carries a unit. */
const ARGUMENTS: Record<string, string> = { gap: 'gapMs' }

export async function statsCommand(context: Context, run: string, options: StatsOptions): Promise<number> {
  const { trace } = await loadTrace(context, run)
  if (options.report.length === 0) {
    const reports = reportsOf(trace)
    context.output.answer({ reports }, () =>
      textTable({
        title: 'Reports',
        columns: [
          { key: 'id', title: 'Report' },
          { key: 'kind', title: 'Kind' },
          { key: 'title', title: 'What' },
          { key: 'skipped', title: 'Not for this run, because' },
        ],
        rows: reports,
      }),
    )
    return 0
  }
  const answers = options.report.map((text) => {
    const { report, parameters } = asked(text)
    return { report, rows: runReport(report, trace, parameters) }
  })
  if (options.csv === true && !context.output.json) context.output.pieces(csvOf(answers))
  else
    context.output.answer(
      context.output.json ? { reports: answers.map(({ report, rows }) => documentOf(report, rows)) } : null,
      () => answers.map(({ report, rows }) => text(report, rows)).join('\n'),
    )
  return 0
}

/** Reports one after the other, an empty line between them. A piece ends with a line, so none cuts a character in two. */
function* csvOf(answers: readonly { report: Report; rows: ReportRows }[]): Generator<string> {
  for (const [i, { report, rows }] of answers.entries()) {
    if (i > 0) yield '\n'
    for (const piece of csvPieces(report, rows)) yield Buffer.from(piece).toString('utf8')
  }
}

function asked(text: string): { report: Report; parameters: Record<string, number> } {
  const [name, ...pairs] = text.split(':')
  const report = nsysReportOf(name!)
  const parameters: Record<string, number> = {}
  for (const pair of pairs) {
    const [key, value] = pair.split('=')
    const known = ARGUMENTS[key!] ?? key!
    if (!Object.hasOwn(report.parameters, known) || !/^-?\d+$/.test(value ?? ''))
      throw new UserError(
        'bad-request',
        `${report.id}: "${pair}" is no argument of it; it takes ${Object.keys(report.parameters).join(', ') || 'none'}, as NAME:ARGUMENT=NUMBER`,
      )
    parameters[known] = Number(value)
  }
  return { report, parameters }
}

/** At most this many rows are printed for reading; --csv and --json give all. */
const READABLE = 60

function text(report: Report, rows: ReportRows): string {
  const shown = Math.min(rows.length, READABLE)
  const table = textTable({
    title: report.title,
    columns: report.columns.map(({ title, type }, i) => ({
      key: String(i),
      title,
      // Digits as nsys prints them, not rounded to three.
      ...(type === 'text' ? {} : { unit: 'text' as const }),
    })),
    rows: Array.from({ length: shown }, (_, i) =>
      Object.fromEntries(rows.row(i).map((cell, c) => [String(c), plain(cell)])),
    ),
  })
  return `${report.title}\n${table}${rows.length > shown ? `  … ${rows.length - shown} more rows; --csv gives all\n` : ''}`
}
