/** The verb that serves the page. */
import { serveCommand } from '../commands/serve.ts'
import type { Verbs } from './verbs.ts'

export function serveVerbs({ command, action }: Verbs): void {
  command('serve', 'the web page and its API')
    .option('--port <number>', 'where to listen', '4317')
    .option('--host <name>', 'on which address', '127.0.0.1')
    .action(
      action((context, _args, options) => serveCommand(context, options as { port: string; host: string })),
    )
}
