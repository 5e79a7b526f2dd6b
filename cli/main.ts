/**
 * `profile-vggt`: arguments in, exit code out.
 */
import { Command, CommanderError } from 'commander'
import { importCommand } from './commands/import.ts'
import { runsCommand } from './commands/runs.ts'
import { serveCommand } from './commands/serve.ts'
import { showCommand, showFlags } from './commands/show.ts'
import { createContext } from './context.ts'
import type { Context } from './context.ts'
import { failureOf } from './errors.ts'
import { outputTo } from './output.ts'
import type { Streams } from './output.ts'

interface GlobalOptions {
  db?: string
  json?: boolean
  quiet?: boolean
}

/** Runs one command line. Never throws; an error is one line on stderr, and with --json a document on stdout too. */
export async function main(
  args: readonly string[],
  streams: Streams = { stdout: process.stdout, stderr: process.stderr },
): Promise<number> {
  let exitCode = 0
  const program = commandLine(streams, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const failure = failureOf(error)
    streams.stderr.write(`profile-vggt: ${failure.message}\n`)
    if (args.includes('--json'))
      streams.stdout.write(`${JSON.stringify({ error: { kind: failure.kind, message: failure.message } })}\n`)
    return failure.exitCode
  }
}

function commandLine(streams: Streams, setExitCode: (code: number) => void): Command {
  const program = new Command('profile-vggt')
    .description(
      'Shows, to the nanosecond, where a model’s time went on the GPU, and why one run is faster than another.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: () => {},
    })
    .showHelpAfterError(false)

  /** A command with the global flags, which may stand before or after its own arguments. */
  const command = (usage: string, about: string): Command =>
    program
      .command(usage)
      .description(about)
      .option('--db <path>', 'the store (default: a data folder under your home)')
      .option('--json', 'exactly one JSON document on stdout')
      .option('--quiet', 'no progress')

  const action =
    (
      run: (
        context: Context,
        args: readonly unknown[],
        options: Record<string, unknown>,
      ) => Promise<number> | number,
    ) =>
    async (...given: unknown[]): Promise<void> => {
      const self = given.pop() as Command
      const options = given.pop() as GlobalOptions & Record<string, unknown>
      void self
      const context = createContext(
        outputTo(streams, { json: options.json === true, quiet: options.quiet === true }),
        options.db,
      )
      try {
        setExitCode(await run(context, given, options))
      } finally {
        context.close()
      }
    }

  command('import <file...>', 'trace files into the store')
    .option('--label <text>', 'what to call the run')
    .action(action((context, [files], options) => importCommand(context, files as string[], options)))
  command('runs', 'what is in the store').action(action((context) => runsCommand(context)))
  const show = command('show <run> <analysis>', 'one analysis of a run (an id, a label, or a trace file)')
  const flags = showFlags()
  for (const { flag, takesValue, about } of flags)
    show.option(takesValue ? `--${flag} <value>` : `--${flag}`, about)
  show.action(
    action((context, [run, analysis], options) =>
      showCommand(
        context,
        run as string,
        analysis as string,
        Object.fromEntries(
          flags.map(({ key }) => [key, options[key] === undefined ? undefined : String(options[key])]),
        ),
      ),
    ),
  )
  command('serve', 'the web page and its API')
    .option('--port <number>', 'where to listen', '4317')
    .option('--host <name>', 'on which address', '127.0.0.1')
    .action(
      action((context, _args, options) => serveCommand(context, options as { port: string; host: string })),
    )
  return program
}
