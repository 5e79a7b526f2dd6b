/**
 * The one place where errors become exit codes and a line on stderr.
 *
 *   0 done · 1 a gate or claim failed · 2 bad usage or bad input · 3 a tool it needs is missing · 70 our own mistake
 */
import { CommanderError } from 'commander'
import { UserError } from '../trace/errors.ts'
import type { ErrorKind } from '../trace/errors.ts'

const EXIT: Record<ErrorKind, number> = {
  'bad-input': 2,
  'bad-request': 2,
  'not-found': 2,
  'tool-missing': 3,
  'failed-check': 1,
}

export interface Failure {
  exitCode: number
  kind: string
  message: string
}

/** What to say about an error, and how to exit. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UserError)
    return { exitCode: EXIT[error.kind], kind: error.kind, message: oneLine(error.message) }
  if (error instanceof CommanderError)
    return {
      exitCode: error.exitCode === 0 ? 0 : 2,
      kind: 'bad-request',
      message: oneLine(error.message.replace(/^error: /, '')),
    }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    exitCode: 70,
    kind: 'internal',
    message: `this is a mistake in the program, please report it:\n${stack}`,
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').trim()
