/**
 * Import jobs: what is being imported, how far it is, how it ended. A job's row outlives a killed import; nothing else does.
 */
import type Database from 'better-sqlite3'
import { UserError } from '../trace/errors.ts'
import type { ImportJob } from '../trace/api.ts'

interface JobRow {
  id: number
  name: string
  state: ImportJob['state']
  bytes_done: number
  bytes_total: number
  rows: number
  run_id: number | null
  already: number
  message: string | null
}

export type JobChange = Partial<Omit<ImportJob, 'id' | 'name'>>

export class Jobs {
  readonly #database: Database.Database

  constructor(database: Database.Database) {
    this.#database = database
  }

  add(name: string, state: ImportJob['state'], bytesTotal: number): ImportJob {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO import_job (name, state, bytes_total, updated_at) VALUES (?, ?, ?, ?)')
      .run(name, state, bytesTotal, new Date().toISOString())
    return this.get(Number(lastInsertRowid))
  }

  change(id: number, change: JobChange): ImportJob {
    const now = { ...this.get(id), ...change }
    this.#database
      .prepare(
        `UPDATE import_job SET state = ?, bytes_done = ?, bytes_total = ?, rows = ?, run_id = ?, already = ?, message = ?,
         updated_at = ? WHERE id = ?`,
      )
      .run(
        now.state,
        now.bytesDone,
        now.bytesTotal,
        now.rows,
        now.run,
        now.already ? 1 : 0,
        now.message,
        new Date().toISOString(),
        id,
      )
    return now
  }

  get(id: number): ImportJob {
    const row = this.#database.prepare<[number], JobRow>('SELECT * FROM import_job WHERE id = ?').get(id)
    if (row === undefined) throw new UserError('not-found', `no import job ${id}; GET /api/jobs lists them`)
    return jobOf(row)
  }

  /** The newest first, at most 100. */
  list(): ImportJob[] {
    return this.#database
      .prepare<[], JobRow>('SELECT * FROM import_job ORDER BY id DESC LIMIT 100')
      .all()
      .map(jobOf)
  }

  /** Jobs that were under way when the program stopped will not go on by themselves: says so on each. */
  endInterrupted(): void {
    // These runs are stored whole; what their pages show first is computed when it is asked for.
    this.#database.prepare(`UPDATE import_job SET state = 'done' WHERE state = 'summarising'`).run()
    this.#database
      .prepare(
        `UPDATE import_job SET state = 'failed', message = name || ' was not imported: the server stopped meanwhile; upload it again'
         WHERE state IN ('uploading', 'waiting', 'importing')`,
      )
      .run()
  }
}

const jobOf = (row: JobRow): ImportJob => ({
  id: row.id,
  name: row.name,
  state: row.state,
  bytesDone: row.bytes_done,
  bytesTotal: row.bytes_total,
  rows: row.rows,
  run: row.run_id,
  already: row.already === 1,
  message: row.message,
})
