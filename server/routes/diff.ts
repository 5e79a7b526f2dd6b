/**
 * Two sides, each one run or several captures joined by commas:
 *
 *   GET  /api/diff?base=3,5&candidate=4&pair=A=B&device=1   DiffAnswer (`pair` as often as wanted)
 *   POST /api/claims   ClaimsQuestion → ClaimsAnswer
 */
import { Router } from 'express'
import { checkClaims } from '../../analysis/claims/judge-claims.ts'
import type { Store } from '../../db/store.ts'
import { claimsIn } from '../../parsers/claims-yaml.ts'
import { ClaimsQuestion } from '../../trace/claims-api.ts'
import { UserError } from '../../trace/errors.ts'
import type { Reader } from '../reader.ts'
import { numberIn } from './number-in.ts'
import { runId } from './runs.ts'

export function diffRoutes(store: Pick<Store, 'run'>, reader: Pick<Reader, 'ask'>): Router {
  const routes = Router()
  routes.get('/diff', async (request, response) => {
    const { base, candidate, pair, device } = request.query
    response.json(
      await reader.ask('diff', {
        base: side('base', base),
        candidate: side('candidate', candidate),
        pairs: pairsIn(pair),
        device: device === undefined ? undefined : numberIn(device, 'device'),
      }),
    )
  })

  routes.post('/claims', async (request, response) => {
    const asked = ClaimsQuestion.safeParse(request.body)
    if (!asked.success) {
      const first = asked.error.issues[0]!
      throw new UserError('bad-request', `${first.path.join('.') || 'the claims'}: ${first.message}`)
    }
    const { text, base, candidate } = asked.data
    for (const run of [...base, ...candidate]) store.run(run)
    const file = claimsIn(text, 'the text')
    checkClaims(file)
    response.json(await reader.ask('claims', file, base, candidate))
  })
  return routes

  function side(name: string, given: unknown): number[] {
    if (typeof given !== 'string' || given === '')
      throw new UserError(
        'bad-request',
        `${name} must name runs, as in ?base=3&candidate=4 or ?base=3,5&candidate=4`,
      )
    return given.split(',').map((id) => store.run(runId(id.trim())).id)
  }
}

/** Corrections of an alignment: `?pair=A=B&pair=C=`. */
export const pairsIn = (given: unknown): string[] =>
  (Array.isArray(given) ? given : given === undefined ? [] : [given]).filter(
    (one): one is string => typeof one === 'string' && one !== '',
  )
