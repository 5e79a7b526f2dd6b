/** `sql RUN "SELECT …"`: one reading statement over a run's tables, or over the nsys export as it is. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { originalOf } from '../../server/sql/offer.ts'
import { runSql } from '../../server/sql/run-sql.ts'
import type { SqlSource } from '../../server/sql/sql-task.ts'
import { UserError } from '../../trace/errors.ts'
import { SqlOver } from '../../trace/sql-api.ts'
import type { SqlAnswer, SqlCell } from '../../trace/sql-api.ts'
import type { Context } from '../context.ts'
import { textTable } from '../text-table.ts'

export interface SqlOptions {
  over: string
  csv?: boolean
  rowLimit?: string
  timeLimitMs?: string
}

export async function sqlCommand(
  context: Context,
  run: string,
  sql: string,
  options: SqlOptions,
): Promise<number> {
  const over = SqlOver.safeParse(options.over)
  if (!over.success) throw new UserError('bad-request', `--over is trace or original, not "${options.over}"`)
  const answer = await runSql({
    sql,
    source: sourceOf(context, run, over.data),
    ...(options.rowLimit === undefined ? {} : { rowLimit: countOf('--row-limit', options.rowLimit) }),
    ...(options.timeLimitMs === undefined
      ? {}
      : { timeLimitMs: countOf('--time-limit-ms', options.timeLimitMs) }),
  })
  if (answer.truncated !== null)
    context.output.note(
      `cut after ${answer.rows.length} rows, the ${answer.truncated === 'rows' ? 'row limit (--row-limit)' : 'size limit'}`,
    )
  context.output.answer(answer, () => (options.csv === true ? csv(answer) : text(answer)))
  return 0
}

function sourceOf(context: Context, run: string, over: SqlOver): SqlSource {
  if (!/^\d+$/.test(run) && existsSync(run) && statSync(run).isFile())
    return over === 'original'
      ? { kind: 'original', path: run }
      : { kind: 'file', path: run, nsys: context.nsys() }
  const found = context.store().findRun(run)
  if (found === undefined)
    throw new UserError(
      'not-found',
      `"${run}" is neither a run in ${context.databasePath} nor a file; "profile-vggt runs" lists the runs`,
    )
  if (over === 'trace') return { kind: 'run', database: context.databasePath, run: found.id }
  const original = originalOf(found, join(dirname(context.databasePath), 'originals'))
  if ('missing' in original) throw new UserError('not-found', original.missing)
  return { kind: 'original', path: original.path }
}

function countOf(flag: string, text: string): number {
  const value = Number(text)
  // Node's timers hold 31 bits; more rows than that fit no answer either.
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1 - 5000)
    throw new UserError('bad-request', `${flag} is a whole number of at least 1, not "${text}"`)
  return value
}

const text = ({ columns, rows }: SqlAnswer): string =>
  textTable({
    title: 'Rows',
    // Digits as they are, not rounded to three.
    columns: columns.map(({ name }, i) => ({ key: String(i), title: name, unit: 'text' as const })),
    rows: rows.map((row) => Object.fromEntries(row.map((cell, i) => [String(i), cell]))),
  })

/** RFC 4180. */
const csv = ({ columns, rows }: SqlAnswer): string =>
  [columns.map(({ name }) => name), ...rows].map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n'

function quoted(cell: SqlCell): string {
  const plain = cell === null ? '' : String(cell)
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
