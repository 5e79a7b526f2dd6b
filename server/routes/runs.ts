/** /api/runs: what is in the store, and the analyses of a run. */
import { Router } from 'express'
import { outsideName } from '../../analysis/analysis.ts'
import type { Analysis } from '../../analysis/analysis.ts'
import { analyses, analysisOf } from '../../analysis/index.ts'
import type { Store } from '../../db/store.ts'
import { formats } from '../../parsers/index.ts'
import { RunEdit } from '../../trace/api.ts'
import { UserError } from '../../trace/errors.ts'
import type { Reader } from '../reader.ts'
import { whileOpen } from './while-open.ts'

/** A run's id in a path. Throws UserError('not-found') for what is none. */
export function runId(text: string): number {
  if (!/^\d+$/.test(text))
    throw new UserError('not-found', `"${text}" is no run id; GET /api/runs lists the runs`)
  return Number(text)
}

export function runRoutes(store: Store, reader: Pick<Reader, 'askWhile'>): Router {
  const routes = Router()
  routes.get('/formats', (_request, response) => {
    response.json(formats.map(({ id, title, capture }) => ({ id, title, capture })))
  })
  routes.get('/analyses', (_request, response) => {
    response.json(
      Object.values(analyses).map(({ id, title, about, needs, derivable = {}, parameters }: Analysis) => ({
        id,
        title,
        about,
        needs,
        derivable: Object.keys(derivable),
        parameters: Object.entries(parameters).map(([name, spec]) => ({
          name: outsideName(name, spec),
          type: spec.type,
          about: spec.about,
        })),
      })),
    )
  })
  routes.get('/runs', (_request, response) => {
    response.json({ runs: store.runs() })
  })
  routes.get('/runs/:run', (request, response) => {
    response.json(store.run(runId(request.params.run)))
  })
  routes.patch('/runs/:run', (request, response) => {
    const edit = RunEdit.safeParse(request.body)
    if (!edit.success)
      throw new UserError(
        'bad-request',
        `a run's label, tags and notes can be changed: ${edit.error.message}`,
      )
    response.json(store.editRun(runId(request.params.run), edit.data))
  })
  routes.delete('/runs/:run', (request, response) => {
    store.deleteRun(runId(request.params.run))
    response.status(204).end()
  })
  routes.get('/runs/:run/lacking', async (request, response) => {
    const { id } = store.run(runId(request.params.run))
    response.json(await reader.askWhile(whileOpen(response), 'lacking', id))
  })
  routes.get('/runs/:run/analyses/:analysis', async (request, response) => {
    const analysis = analysisOf(request.params.analysis)
    const { id } = store.run(runId(request.params.run))
    const query = Object.fromEntries(
      Object.entries(request.query).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : undefined,
      ]),
    )
    response.json(await reader.askWhile(whileOpen(response), 'analysis', id, analysis.id, query))
  })
  return routes
}
