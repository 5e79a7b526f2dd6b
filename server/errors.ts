/**
 * The one place where errors become HTTP answers: { error: { kind, message } }.
 */
import type { ErrorRequestHandler } from 'express'
import { UserError } from '../trace/errors.ts'
import type { ErrorKind } from '../trace/errors.ts'

const STATUS: Record<ErrorKind, number> = {
  'bad-input': 422,
  'bad-request': 400,
  'not-found': 404,
  'tool-missing': 503,
  'failed-check': 409,
}

export const translateErrors =
  (report: (error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    // Whoever asked has gone, the server with it perhaps: there is nobody to tell.
    if (response.destroyed) return
    if (response.headersSent) return next(error)
    if (error instanceof UserError) {
      response.status(STATUS[error.kind]).json({ error: { kind: error.kind, message: error.message } })
      return
    }
    const status = statusOf(error)
    if (status < 500) {
      response
        .status(status)
        .json({ error: { kind: 'bad-request', message: String((error as Error).message) } })
      return
    }
    report(error)
    response
      .status(500)
      .json({ error: { kind: 'internal', message: 'this is a mistake in the program; its log says more' } })
  }

/** Express' own errors (a body that is no JSON, say) carry a status. */
const statusOf = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : 500
