/** Files of claims: YAML, in the shape of `trace/claims.ts`. */
import { parse } from 'yaml'
import { claimsFile } from '../trace/claims.ts'
import type { ClaimsFile } from '../trace/claims.ts'
import { UserError } from '../trace/errors.ts'

/** Reads the text of a file; `name` is what an error calls it. Throws UserError('bad-input') for what is no file of claims. */
export function claimsIn(text: string, name: string): ClaimsFile {
  let document: unknown
  try {
    document = parse(text)
  } catch (error) {
    throw new UserError('bad-input', `${name} is no YAML: ${(error as Error).message.split('\n')[0]}`, {
      cause: error,
    })
  }
  const read = claimsFile.safeParse(document)
  if (read.success) return read.data
  const first = read.error.issues[0]!
  throw new UserError(
    'bad-input',
    `${name}: ${first.path.join('.') || 'the document'}: ${first.message}; docs/claims.md shows a file`,
  )
}
