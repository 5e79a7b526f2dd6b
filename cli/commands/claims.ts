/** `claims FILE BASE CAND`: what a README says, against what two runs show. Exit 1 when one is contradicted. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { checkClaims, judgeClaims } from '../../analysis/claims/judge-claims.ts'
import { pooledPair } from '../../analysis/diff/diff.ts'
import { claimsIn } from '../../parsers/claims-yaml.ts'
import type { ClaimsFile } from '../../trace/claims.ts'
import { UserError } from '../../trace/errors.ts'
import { claimsText } from '../claims-text.ts'
import type { Context } from '../context.ts'
import { keptFloors, loadSide } from '../side.ts'

export async function claimsCommand(
  context: Context,
  file: string,
  base: string,
  candidate: string,
): Promise<number> {
  const claims = readClaims(file)
  const [a, b] = [await loadSide(context, base), await loadSide(context, candidate)]
  const judged = judgeClaims(claims, ...pooledPair(a.traces, b.traces, keptFloors(context)))
  context.output.answer({ ...judged, base: a.label, candidate: b.label }, () =>
    claimsText(judged, a.label, b.label),
  )
  return judged.claims.some(({ verdict }) => verdict === 'contradicted') ? 1 : 0
}

/** Reads a claims file. Throws UserError where there is none, it is no YAML, or it says something else. */
export function readClaims(path: string): ClaimsFile {
  if (!existsSync(path)) throw new UserError('not-found', `${path}: no such file`)
  if (!statSync(path).isFile()) throw new UserError('bad-input', `${path} is no file of claims`)
  const file = claimsIn(readFileSync(path, 'utf8'), path)
  checkClaims(file)
  return file
}
