/**
 * The Express app: createApp({ store, … }) and nothing of its own running. `start.ts` listens.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express from 'express'
import type { Express, Request, Response } from 'express'
import helmet from 'helmet'
import type { Server as TusServer } from '@tus/server'
import type { Jobs } from '../db/jobs.ts'
import type { Store } from '../db/store.ts'
import { translateErrors } from './errors.ts'
import type { ImportQueue } from './import-queue.ts'
import type { Reader } from './reader.ts'
import { exportRoutes } from './routes/exports.ts'
import { diffRoutes } from './routes/diff.ts'
import { jobRoutes } from './routes/jobs.ts'
import { noteRoutes } from './routes/notes.ts'
import { nsysRoutes } from './routes/nsys.ts'
import { runRoutes } from './routes/runs.ts'
import { sqlRoutes } from './routes/sql.ts'
import { timelineRoutes } from './routes/timeline.ts'

export interface AppOptions {
  store: Store
  jobs: Jobs
  queue: ImportQueue
  reader: Reader
  uploads: TusServer
  /** Folder of the built page. */
  web: string
  /** Told of every error that is our own mistake. */
  report: (error: unknown) => void
}

export function createApp(options: AppOptions): Express {
  const { store, jobs, queue, reader, uploads, web, report } = options
  const app = express()
  app.disable('x-powered-by')
  app.use(
    helmet({
      contentSecurityPolicy: {
        // The page is served over plain HTTP on this machine: nothing to upgrade to.
        directives: { upgradeInsecureRequests: null, imgSrc: ["'self'", 'data:', 'blob:'] },
      },
      strictTransportSecurity: false,
    }),
  )
  const upload = (request: Request, response: Response): void => void uploads.handle(request, response)
  app.all('/api/uploads', upload)
  app.all('/api/uploads/*rest', upload)
  app.use(
    '/api',
    express.json({ limit: '1mb' }),
    runRoutes(store, reader),
    diffRoutes(store, reader),
    timelineRoutes(store, reader),
    noteRoutes(store),
    nsysRoutes(store, reader),
    exportRoutes(store),
    sqlRoutes(store),
    jobRoutes(jobs, queue),
  )
  app.use('/api', (request, response) => {
    response
      .status(404)
      .json({ error: { kind: 'not-found', message: `no such route: ${request.method} /api${request.path}` } })
  })
  // Files with a hash in their name never change; the page itself is asked for anew.
  app.use('/assets', express.static(join(web, 'assets'), { immutable: true, maxAge: '1y' }))
  app.use(express.static(web, { index: false }))
  app.get('/*path', page)
  app.get('/', page)
  app.use(translateErrors(report))
  return app

  function page(_request: Request, response: Response): void {
    const file = join(web, 'index.html')
    if (existsSync(file)) response.sendFile(file)
    else response.status(503).type('text').send('The page is not built yet: run "npm run build" once.\n')
  }
}
