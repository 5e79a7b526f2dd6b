/** /api/jobs: imports under way and ended. */
import { Router } from 'express'
import type { Jobs } from '../../db/jobs.ts'
import { UserError } from '../../trace/errors.ts'
import type { ImportQueue } from '../import-queue.ts'

export function jobRoutes(jobs: Jobs, queue: ImportQueue): Router {
  const routes = Router()
  routes.get('/jobs', (_request, response) => {
    response.json(jobs.list())
  })
  routes.get('/jobs/:job', (request, response) => {
    response.json(jobs.get(jobId(request.params.job)))
  })
  routes.delete('/jobs/:job', async (request, response) => {
    const id = jobId(request.params.job)
    jobs.get(id)
    await queue.cancel(id)
    response.json(jobs.get(id))
  })
  return routes
}

function jobId(text: string): number {
  if (!/^\d+$/.test(text))
    throw new UserError('not-found', `"${text}" is no import job; GET /api/jobs lists them`)
  return Number(text)
}
