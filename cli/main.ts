/**
 * `profile-vggt`: arguments in, exit code out.
 */
import { Command, CommanderError } from 'commander'
import { createContext } from './context.ts'
import { failureOf } from './errors.ts'
import { outputTo } from './output.ts'
import type { Streams } from './output.ts'
import { captureVerbs } from './verbs/capture.ts'
import { compareVerbs } from './verbs/compare.ts'
import { serveVerbs } from './verbs/serve.ts'
import { traceVerbs } from './verbs/traces.ts'
import type { Run } from './verbs/verbs.ts'

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
    (run: Run) =>
    async (...given: unknown[]): Promise<void> => {
      given.pop()
      const options = given.pop() as GlobalOptions & Record<string, unknown>
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

  const verbs = { command, action }
  captureVerbs(verbs)
  traceVerbs(verbs)
  compareVerbs(verbs)
  serveVerbs(verbs)
  return program
}
