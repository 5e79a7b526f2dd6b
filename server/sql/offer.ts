/** What can be asked of a run in SQL: tables, columns, limits; and why its original cannot, where that is so. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { sqlColumns } from '../../db/sql-columns.ts'
import type { SqlColumn } from '../../db/sql-columns.ts'
import type { RunInfo } from '../../trace/api.ts'
import type { SqlOffer, SqlTableInfo } from '../../trace/sql-api.ts'
import { specOf, tableNames } from '../../trace/tables.ts'
import type { TraceMeta } from '../../trace/trace.ts'
import { isOpenTable } from './open-tables.ts'
import { sqlLimits } from './run-sql.ts'

const FORMAT = 'nsys-sqlite'

/** The kept original of a run, or why there is none to ask. */
export function originalOf(
  run: Pick<RunInfo, 'sources' | 'format'>,
  originals: string,
): { path: string } | { missing: string } {
  const source = run.sources.find((one) => one.format === FORMAT)
  if (source === undefined)
    return {
      missing: `only an nsys export (.sqlite) can be asked as it is; this run was read from ${run.format}`,
    }
  const path = join(originals, source.sha256)
  if (!existsSync(path))
    return {
      missing: `${source.name} was imported without keeping it; upload it here, or ask the file itself: profile-vggt sql FILE "SELECT …" --over original`,
    }
  return { path }
}

/** Tables of the normal form, with this run's rows. */
export const traceTables = (run: Pick<RunInfo, 'counts' | 'recorded'>): SqlTableInfo[] =>
  tableNames.map((name) => ({
    name,
    rows: run.counts[name] ?? 0,
    recorded: run.recorded.includes(name) || (run.counts[name] ?? 0) > 0,
    columns: sqlColumns(specOf(name)).map((column) => {
      const about = aboutOf(column)
      return { name: column.name, type: typeOf(column), ...(about === '' ? {} : { about }) }
    }),
  }))

/** "integer?" may be NULL. */
export const typeOf = ({ type, optional }: SqlColumn): string => type + (optional ? '?' : '')

/** "→ api_call.row", "kernel · graph · copy" */
export const aboutOf = ({ link, words }: SqlColumn): string =>
  [
    ...(link === undefined ? [] : [`→ ${link}.row`]),
    ...(words === undefined ? [] : [words.join(' · ')]),
  ].join(', ')

export function offerOf(run: RunInfo, meta: TraceMeta, originals: string): SqlOffer {
  const original = originalOf(run, originals)
  return {
    limits: sqlLimits,
    trace: traceTables(run),
    original: 'missing' in original ? original : { tables: sourceTables(meta) },
  }
}

const sourceTables = ({ sourceTables }: TraceMeta): SqlTableInfo[] =>
  Object.entries(sourceTables ?? {})
    .filter(([name]) => isOpenTable(name))
    .map(([name, { columns, rows }]) => ({
      name,
      rows,
      recorded: true,
      columns: columns.map((column) => ({ name: column, type: '' })),
    }))
