/**
 * What nsys itself prints of a run, recomputed:
 *
 *   GET /api/runs/:run/nsys            { reports: NsysReportInfo[] }
 *   GET /api/runs/:run/nsys/:report    NsysReportAnswer, its first rows
 */
import { Router } from 'express'
import type { Store } from '../../db/store.ts'
import type { Reader } from '../reader.ts'
import { runId } from './runs.ts'
import { whileOpen } from './while-open.ts'

export function nsysRoutes(store: Store, reader: Pick<Reader, 'askWhile'>): Router {
  const routes = Router()
  routes.get('/runs/:run/nsys', async (request, response) => {
    const { id } = store.run(runId(request.params.run))
    response.json({ reports: await reader.askWhile(whileOpen(response), 'nsysReports', id) })
  })
  routes.get('/runs/:run/nsys/:report', async (request, response) => {
    const { id } = store.run(runId(request.params.run))
    response.json(await reader.askWhile(whileOpen(response), 'nsysReport', id, request.params.report))
  })
  return routes
}
