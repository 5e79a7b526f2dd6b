/**
 * Every analysis, in the order in which they are offered. Adding one is a file, a line here and a page in docs/analyses.
 */
import { UserError } from '../trace/errors.ts'
import type { Analysis } from './analysis.ts'
import { gaps } from './gaps.ts'
import { kernels } from './kernels.ts'
import { launches } from './launches.ts'
import { ledger } from './ledger.ts'
import { memory } from './memory.ts'
import { phases } from './phases.ts'
import { roofline } from './roofline.ts'
import { summary } from './summary.ts'
import { syncs } from './syncs.ts'
import { transfers } from './transfers.ts'
import { utilisation } from './utilisation.ts'
import { verdict } from './verdict.ts'

export const analyses = {
  verdict,
  summary,
  ledger,
  phases,
  gaps,
  launches,
  syncs,
  kernels,
  transfers,
  memory,
  utilisation,
  roofline,
} as const

/** An analysis by id. Throws UserError('bad-request') that lists those there are. */
export function analysisOf(id: string): Analysis {
  const found = (analyses as unknown as Record<string, Analysis | undefined>)[id]
  if (found === undefined || !Object.hasOwn(analyses, id))
    throw new UserError('bad-request', `no analysis "${id}"; there are ${Object.keys(analyses).join(', ')}`)
  return found
}
