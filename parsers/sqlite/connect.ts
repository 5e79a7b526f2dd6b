/**
 * Connecting SQLite to a file of unknown origin without leaving a trace beside it.
 *
 * A file in WAL mode is read from a temporary copy: even to read it, SQLite writes files next to it, which a read-only
 * folder would not take and nobody expects. So is one whose name better-sqlite3 would not take.
 */
import { COPYFILE_FICLONE } from 'node:constants'
import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
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
  /** What may be missing in the file, one sentence each. */
  warnings: readonly string[]
  /** Closes the connection and removes the copy, if there is one. */
  close: () => void
}

/** Connects for reading and keeps writers away until closed. Throws `UserError` when SQLite cannot read the file. */
export function connect(path: string): Connection {
  const { head } = headOf(path)
  // Beside the file itself, not beside a link to it: there SQLite looks too.
  const source = realpathSync(path)
  const hasWal = existsSync(`${source}-wal`)
  // better-sqlite3 cuts white space off a path's ends: "report.sqlite " would be another file.
  const isTrimmed = source.trim() === source
  if (!isWal(head) && !hasWal && isTrimmed) return opened(path, source, [], [], () => undefined)
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-copy-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = copied(source, hasWal, folder)
    if (!isWal(head) && !hasWal) return opened(path, copy, ['its name ends in white space'], [], remove)
    if (hasWal) return opened(path, copy, ['it is in WAL mode and has a -wal file'], [], remove)
    const missing = 'it is in WAL mode without its -wal file: rows that were only there are missing'
    return opened(path, copy, [missing], [`This file may be incomplete: ${missing}.`], remove)
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
  const copy = join(folder, 'copy.sqlite')
  for (const source of sources) copyFileSync(source, copy + source.slice(path.length), COPYFILE_FICLONE)
  if (state() !== before) throw beingWritten(path)
  return copy
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

function opened(
  path: string,
  at: string,
  oddities: readonly string[],
  warnings: readonly string[],
  remove: () => void,
): Connection {
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
      warnings,
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
