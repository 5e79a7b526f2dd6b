/**
 * Connecting SQLite to a file of unknown origin without leaving a trace beside it.
 *
 * A file in WAL mode is read from a temporary copy: even to read it, SQLite writes files next to it, which a read-only
 * folder would not take and nobody expects.
 */
import { COPYFILE_FICLONE } from 'node:constants'
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { UserError } from '../../trace/errors.ts'
import { headOf } from './file-kind.ts'
import { isWal } from './header.ts'
import { readable } from './sqlite-error.ts'

/** How long to wait for a lock another program holds, ms. */
const LOCK_WAIT_MS = 1000

export interface Connection {
  db: Database.Database
  /** What is unusual about the file, one sentence each. */
  oddities: readonly string[]
  /** Closes the connection and removes the copy, if there is one. */
  close: () => void
}

/** Connects for reading and keeps writers away until closed. Throws `UserError` when SQLite cannot read the file. */
export function connect(path: string): Connection {
  const { head } = headOf(path)
  const hasWal = existsSync(`${path}-wal`)
  if (!isWal(head) && !hasWal) return opened(path, path, [], () => undefined)
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-copy-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const missing = 'it is in WAL mode without its -wal file: rows that were only there are missing'
    const oddity = hasWal ? 'it is in WAL mode and has a -wal file' : missing
    return opened(path, copied(path, hasWal, folder), [oddity], remove)
  } catch (error) {
    remove()
    throw error
  }
}

/** Copies the file and its -wal; throws when either changed meanwhile, for then they may not fit together. */
function copied(path: string, hasWal: boolean, folder: string): string {
  const sources = hasWal ? [path, `${path}-wal`] : [path]
  const state = (): string => sources.map((each) => stateOf(each)).join(' ')
  const before = state()
  for (const source of sources) copyFileSync(source, join(folder, basename(source)), COPYFILE_FICLONE)
  if (state() !== before) throw beingWritten(path)
  return join(folder, basename(path))
}

/** Changes when the file does. */
export function stateOf(path: string): string {
  const { size, mtimeMs, ino } = statSync(path)
  return `${size} ${mtimeMs} ${ino}`
}

export const beingWritten = (path: string): UserError =>
  new UserError(
    'bad-input',
    `${basename(path)}: changed while it was being read; try again when the export has ended`,
  )

function opened(path: string, at: string, oddities: readonly string[], remove: () => void): Connection {
  let db: Database.Database | undefined
  try {
    db = new Database(at, { readonly: true, fileMustExist: true, timeout: LOCK_WAIT_MS })
    // Functions in a stranger's schema are not called; cells that overlap or leave their page are reported.
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    const connected = db
    return {
      db,
      oddities,
      close: () => {
        connected.close()
        remove()
      },
    }
  } catch (error) {
    db?.close()
    throw readable(path, error)
  }
}
