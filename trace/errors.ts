/**
 * The errors a person can act on. Each message is one line: what, where, what to do.
 *
 * Thrown anywhere, translated in one place each: `cli/` to an exit code, `server/` to an HTTP status.
 */
export type ErrorKind =
  /** The input is not readable: not a trace, cut short, empty. Exit 2, HTTP 422. */
  | 'bad-input'
  /** The request makes no sense: unknown analysis, bad parameter. Exit 2, HTTP 400. */
  | 'bad-request'
  /** No such run, file or table. Exit 2, HTTP 404. */
  | 'not-found'
  /** A tool outside the program is missing. Exit 3, HTTP 503. */
  | 'tool-missing'
  /** A check that was asked for did not hold: a gate, a claim, a tolerance. Exit 1. */
  | 'failed-check'

export class UserError extends Error {
  readonly kind: ErrorKind

  constructor(kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'UserError'
    this.kind = kind
  }
}
