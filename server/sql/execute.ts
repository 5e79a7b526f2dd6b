/** Running one reading statement to its end or to a limit. */
import type Database from 'better-sqlite3'
import type { SqlAnswer, SqlCell } from '../../trace/sql-api.ts'
import { explained, prepareReading } from './statement.ts'

/** An answer's texts together, in characters: what a page can still show. */
export const MOST_CHARACTERS = 32 * 2 ** 20
/** Of a blob only its beginning is told. */
const BLOB_BYTES = 32

/** Runs a statement and keeps at most `rowLimit` rows. Throws UserError('bad-request') with SQLite's own sentence. */
export function execute(database: Database.Database, sql: string, rowLimit: number): SqlAnswer {
  const start = performance.now()
  const statement = prepareReading(database, sql)
  const columns = statement.columns().map(({ name }) => ({ name }))
  const rows: SqlCell[][] = []
  let truncated: SqlAnswer['truncated'] = null
  let characters = 0
  try {
    for (const values of statement.iterate()) {
      if (rows.length === rowLimit) truncated = 'rows'
      else if (characters > MOST_CHARACTERS) truncated = 'size'
      if (truncated !== null) break
      const cells = values.map(cellOf)
      for (const cell of cells) if (typeof cell === 'string') characters += cell.length
      rows.push(cells)
    }
  } catch (error) {
    throw explained(error, sql)
  }
  return { columns, rows, truncated, elapsedMs: Math.round(10 * (performance.now() - start)) / 10 }
}

function cellOf(value: unknown): SqlCell {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  // JSON knows no infinity; SQLite does.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (!Buffer.isBuffer(value)) return String(value)
  const head = `x'${value.subarray(0, BLOB_BYTES).toString('hex')}'`
  return value.length > BLOB_BYTES ? `${head}… (${value.length} bytes)` : head
}
