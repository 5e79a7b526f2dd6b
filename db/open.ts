/**
 * Opening the store: one SQLite file, WAL, migrated to the newest version.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { UserError } from '../trace/errors.ts'
import { migrations } from './migrations/index.ts'

/** Opens (or creates) the store's database. Throws UserError('bad-input') for a file that is none, or a newer one. */
export function openDatabase(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 10_000 })
    // A column is a blob of megabytes: in pages of 4 KiB it would be a chain of a thousand. Only a fresh file takes this.
    database.pragma('page_size = 32768')
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    migrate(database, path)
    return database
  } catch (error) {
    database?.close()
    if (error instanceof UserError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError('bad-input', `${path} cannot be opened as a store (${why}); give another --db`, {
      cause: error,
    })
  }
}

function migrate(database: Database.Database, path: string): void {
  const version = database.pragma('user_version', { simple: true }) as number
  if (version > migrations.length)
    throw new UserError(
      'bad-input',
      `${path} was written by a newer Parallax (store version ${version}, this one knows ${migrations.length}); update, or give another --db`,
    )
  if (version === migrations.length) return
  // Several processes may open a fresh store at once: look again under the write lock.
  database
    .transaction(() => {
      const now = database.pragma('user_version', { simple: true }) as number
      for (const sql of migrations.slice(now)) database.exec(sql)
      database.pragma(`user_version = ${migrations.length}`)
    })
    .immediate()
}
