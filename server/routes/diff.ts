/** GET /api/diff?base=3&candidate=4: why one run is faster than another. Several captures of a side: base=3,5. */
import { Router } from 'express'
import { components } from '../../analysis/diff/components.ts'
import { diffOf, pooled } from '../../analysis/diff/diff.ts'
import type { Floor } from '../../analysis/diff/noise.ts'
import type { DiffAnswer } from '../../trace/diff-api.ts'
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Store } from '../../db/store.ts'
import { runId } from './runs.ts'

export function diffRoutes(store: Pick<Store, 'loadTrace' | 'noiseFloor'>): Router {
  const routes = Router()
  routes.get('/diff', (request, response) => {
    const [a, b] = [side('base', request.query.base), side('candidate', request.query.candidate)]
    const floor = (device: string): Floor | undefined => store.noiseFloor(device)
    const [x, y] = [pooled(a, floor), pooled(b, floor)]
    // What `diff --json` prints, less the gates: typed here so that the page's schema cannot drift from it.
    const answer = { ...diffOf(x, y), components: components(x, y) }
    response.json(answer satisfies Readonly<Omit<DiffAnswer, 'base' | 'candidate'>>)
  })
  return routes

  function side(name: string, given: unknown): Trace[] {
    if (typeof given !== 'string' || given === '')
      throw new UserError(
        'bad-request',
        `${name} must name runs, as in ?base=3&candidate=4 or ?base=3,5&candidate=4`,
      )
    return given.split(',').map((id) => store.loadTrace(runId(id.trim())))
  }
}
