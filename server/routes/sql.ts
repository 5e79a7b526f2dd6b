/**
 * Ad-hoc SQL over a run (trace/sql-api.ts):
 *
 *   GET  /api/runs/:run/sql               SqlOffer
 *   POST /api/runs/:run/sql   SqlQuery    SqlAnswer
 */
import { dirname, join } from 'node:path'
import { Router } from 'express'
import type { Store } from '../../db/store.ts'
import { UserError } from '../../trace/errors.ts'
import { SqlQuery } from '../../trace/sql-api.ts'
import type { SqlAnswer } from '../../trace/sql-api.ts'
import { offerOf, originalOf } from '../sql/offer.ts'
import { runSql } from '../sql/run-sql.ts'
import type { SqlSource } from '../sql/sql-task.ts'
import { runId } from './runs.ts'

/** Statements at a time: each has a process, and a core, of its own. */
const AT_ONCE = 2

export function sqlRoutes(store: Store): Router {
  const routes = Router()
  const originals = join(dirname(store.path), 'originals')
  let running = 0

  routes.get('/runs/:run/sql', (request, response) => {
    const run = store.run(runId(request.params.run))
    response.json(offerOf(run, store.loadTrace(run.id).meta, originals))
  })

  routes.post('/runs/:run/sql', async (request, response) => {
    const query = SqlQuery.safeParse(request.body)
    if (!query.success)
      throw new UserError('bad-request', 'send { "sql": "SELECT …", "over": "trace" or "original" }')
    const source = sourceOf(runId(request.params.run), query.data)
    if (running >= AT_ONCE)
      throw new UserError('bad-request', `${AT_ONCE} statements are running already; try again in a moment`)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    running++
    try {
      const answer: SqlAnswer = await runSql({ sql: query.data.sql, source, signal: gone.signal })
      response.json(answer)
    } finally {
      running--
    }
  })
  return routes

  function sourceOf(id: number, { over }: SqlQuery): SqlSource {
    const run = store.run(id)
    if (over === 'trace') return { kind: 'run', database: store.path, run: run.id }
    const original = originalOf(run, originals)
    if ('missing' in original) throw new UserError('not-found', original.missing)
    return { kind: 'original', path: original.path }
  }
}
