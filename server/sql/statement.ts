/**
 * Which statements are run, and where in the text SQLite found a mistake.
 */
import type Database from 'better-sqlite3'
import { UserError } from '../../trace/errors.ts'

const FIRST_WORDS = /^(select|with|explain|values)\b/i

/**
 * Prepares one reading statement. Throws UserError('bad-request'): anything but SELECT, WITH, VALUES and EXPLAIN,
 * several statements, or what SQLite cannot compile.
 */
export function prepareReading(database: Database.Database, sql: string): Database.Statement<[], unknown[]> {
  const bare = withoutComments(sql).trim()
  if (!FIRST_WORDS.test(bare))
    throw new UserError(
      'bad-request',
      bare === ''
        ? 'there is no statement; write one SELECT'
        : `only reading is possible: begin with SELECT, WITH, VALUES or EXPLAIN, not "${bare.split(/\s/, 1)[0]!.slice(0, 40)}"`,
    )
  let statement: Database.Statement<[], unknown[]>
  try {
    statement = database.prepare<[], unknown[]>(sql)
  } catch (error) {
    if (error instanceof Error && error.message.includes('more than one statement'))
      throw new UserError('bad-request', 'one statement at a time: take out what follows the first ";"', {
        cause: error,
      })
    throw explained(error, sql)
  }
  // WITH … INSERT begins with an allowed word.
  if (!statement.readonly || !statement.reader)
    throw new UserError('bad-request', 'only reading is possible: this statement would change data')
  return statement.safeIntegers().raw()
}

/** SQLite's own sentence as an error a person can act on, with the place where it is certain. */
export function explained(error: unknown, sql: string): unknown {
  // The library's own complaint about "?" and ":name".
  if (error instanceof RangeError && error.message.includes('parameter'))
    return new UserError(
      'bad-request',
      'parameters (?) have no values here; write the values into the statement',
      {
        cause: error,
      },
    )
  if (!(error instanceof Error) || error.name !== 'SqliteError') return error
  return new UserError('bad-request', `SQLite: ${oneLine(error.message)}${placeOf(error.message, sql)}`, {
    cause: error,
  })
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ')

/**
 * " (line 2, column 8)": SQLite names the word it stumbled over, not its place. It is said where the word stands once in
 * the statement and left out where it might be one of several.
 */
function placeOf(message: string, sql: string): string {
  const named =
    /near "([^"]+)"|no such (?:column|table|function): "?([\w.]+)|ambiguous column name: ([\w.]+)/.exec(
      message,
    )
  const word = named?.[1] ?? named?.[2] ?? named?.[3]
  if (word === undefined) return ''
  const at = [...sql.matchAll(new RegExp(`(?<!\\w)${escaped(word)}(?!\\w)`, 'gi'))].map(
    (match) => match.index,
  )
  if (at.length !== 1) return ''
  const before = sql.slice(0, at[0]).split('\n')
  return ` (line ${before.length}, column ${before.at(-1)!.length + 1})`
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Leading comments only: enough to see the first word. */
function withoutComments(sql: string): string {
  let rest = sql
  for (;;) {
    const shorter = rest.replace(/^\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?(\*\/|$))/, '')
    if (shorter === rest) return rest
    rest = shorter
  }
}
