/** SQLite's errors in words a person can act on. */
import { basename } from 'node:path'
import { UserError } from '../../trace/errors.ts'

const again = 'run "nsys export" again, or copy the file again'

/** The one-line error for a damaged file. `what` says what is wrong. */
export const malformed = (path: string, what: string): UserError =>
  new UserError('bad-input', `${basename(path)}: damaged or cut short (${what}); ${again}`)

const meaning = (code: string, message: string): string => {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return 'still being written by another program (database is locked); try again when the export has ended'
  if (code.startsWith('SQLITE_NOTADB'))
    return `not a SQLite database, or an export that was interrupted; ${again}`
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_IOERR_SHORT_READ')
    return `damaged or cut short (${message}); ${again}`
  if (code === 'SQLITE_READONLY_ROLLBACK')
    return `its writer was interrupted (an unfinished -journal lies beside it); ${again}`
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY'))
    return `cannot be opened (${message}); check that it may be read, or copy it to a writable folder`
  return `cannot be read (${message}); ${again}`
}

/** Any error thrown while reading `path`, as a `UserError`; errors that are not SQLite's pass through unchanged. */
export const readable = (path: string, error: unknown): unknown => {
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('SQLITE_'))
    return error
  const text = meaning(String(error.code), error.message.replaceAll(/\s+/g, ' '))
  return new UserError('bad-input', `${basename(path)}: ${text}`, { cause: error })
}

/** Runs `body`, translating what SQLite throws. */
export const translating = <T>(path: string, body: () => T): T => {
  try {
    return body()
  } catch (error) {
    throw readable(path, error)
  }
}
