/** `serve`: the web page and its API, until interrupted. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startServer } from '../../server/start.ts'
import { UserError } from '../../trace/errors.ts'
import type { Context } from '../context.ts'

/** The built page: dist/web, beside dist/cli in the built tree and under dist in the source tree. */
const webFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url))
  return here.includes(`${join('dist', 'cli')}`)
    ? join(here, '..', '..', 'web')
    : join(here, '..', '..', 'dist', 'web')
}

export async function serveCommand(
  context: Context,
  options: { port: string; host: string },
): Promise<number> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError('bad-request', `--port must be a number from 0 to 65535, not "${options.port}"`)
  const server = await startServer({
    store: context.store(),
    host: options.host,
    port,
    web: webFolder(),
    nsys: context.nsys(),
  })
  context.output.answer({ url: server.url }, () => `Parallax is at ${server.url}  (Ctrl-C ends it)`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await server.close()
  return 0
}
