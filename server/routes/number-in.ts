import { UserError } from '../../trace/errors.ts'

/** A whole number from a path or query. Throws UserError('bad-request') that names `what` it should have been. */
export function numberIn(text: unknown, what: string): number {
  if (typeof text !== 'string' || !/^-?\d{1,16}$/.test(text))
    throw new UserError('bad-request', `${what} must be a whole number, not "${String(text)}"`)
  return Number(text)
}
