/**
 * Starting the server: the app, its import queue, and a port.
 */
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import pino from 'pino'
import { Jobs } from '../db/jobs.ts'
import type { Store } from '../db/store.ts'
import { UserError } from '../trace/errors.ts'
import { createApp } from './app.ts'
import { ImportQueue } from './import-queue.ts'
import { Reader } from './reader.ts'
import { uploadServer } from './routes/uploads.ts'

export interface ServerOptions {
  store: Store
  host: string
  /** 0 takes any free port. */
  port: number
  web: string
  nsys: string | undefined
}

export interface RunningServer {
  url: string
  close(): Promise<void>
}

/** Listens. Throws UserError('bad-request') where the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { store } = options
  const log = pino({ level: process.env.PARALLAX_LOG ?? 'warn' }, pino.destination(2))
  const report = (error: unknown): void => log.error(error)
  const data = dirname(store.path)
  const folder = join(data, 'uploads')
  mkdirSync(folder, { recursive: true })
  const jobs = new Jobs(store.database)
  jobs.endInterrupted()
  const queue = new ImportQueue({
    store,
    jobs,
    nsys: options.nsys,
    originals: join(data, 'originals'),
    report,
  })
  const reader = new Reader(store)
  const uploads = uploadServer({ folder, jobs, queue })
  const server = createServer(createApp({ store, jobs, queue, reader, uploads, web: options.web, report }))
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}`,
    async close() {
      await queue.close()
      // Whoever still waits goes first: a question without anyone waiting is no failure.
      server.closeAllConnections()
      await reader.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function listen(server: ReturnType<typeof createServer>, { port, host }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError('bad-request', `port ${port} on ${host} is taken; give another with --port`, {
              cause: error,
            })
          : error,
      ),
    )
    server.listen(port, host, resolve)
  })
}
