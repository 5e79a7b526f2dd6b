/**
 * `profile-vggt`: arguments in, exit code out.
 */
import { Command, CommanderError } from 'commander'
import { checkModelCommand } from './commands/check-model.ts'
import { execCommand } from './commands/exec.ts'
import type { ExecOptions } from './commands/exec.ts'
import { doctorCommand } from './commands/doctor.ts'
import { exportCommand } from './commands/export.ts'
import type { ExportOptions } from './commands/export.ts'
import { claimsCommand } from './commands/claims.ts'
import { diffCommand } from './commands/diff.ts'
import type { DiffOptions } from './commands/diff.ts'
import { importCommand } from './commands/import.ts'
import { noiseCommand } from './commands/noise.ts'
import { runCommand } from './commands/run.ts'
import type { RunOptions } from './commands/run.ts'
import { sweepCommand } from './commands/sweep.ts'
import { statsCommand } from './commands/stats.ts'
import type { StatsOptions } from './commands/stats.ts'
import { listVariants } from './commands/variants.ts'
import { runsCommand } from './commands/runs.ts'
import { serveCommand } from './commands/serve.ts'
import { showCommand, showFlags } from './commands/show.ts'
import { sqlCommand } from './commands/sql.ts'
import type { SqlOptions } from './commands/sql.ts'
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

  /** What is captured; `run` and `sweep` share these. */
  const captureOptions = (of: Command, frames: string, iterations: string): Command =>
    of
      .option('--backend <name>', 'onnx (no GPU, no Python) or torch', 'onnx')
      .option('--device <name>', 'auto, cpu, cuda or webgpu', 'auto')
      .option('--model <name>', 'tiny, small or 1b', 'tiny')
      .option('--weights <file>', 'an official .safetensors; seeded random weights where not given')
      .option('--frames <n>', 'images of the scene', frames)
      .option('--size <HxW>', 'pixels of an image')
      .option('--input <source>', 'synthetic, a folder of images, or a video', 'synthetic')
      .option(
        '--variant <ids>',
        'what to change, joined by commas; give it again for another capture',
        (value: string, before: string[]) => [...before, value],
        [],
      )
      .option('--iterations <n>', 'measured forwards', iterations)
      .option('--warmup <n>', 'forwards before them', '2')
      .option('--seed <n>', 'of random weights and images', '1')
      .option('--nsys <when>', 'auto, on or off', 'auto')
      .option('--out <folder>', 'where captures are kept')
      .option('--no-reference', 'leave out the comparison of outputs with the unmodified model')

  captureOptions(command('run', 'profiles VGGT inferences and imports them'), '4', '5')
    .option('--rounds <n>', 'captures of each variant, in turns')
    .option('--no-import', 'capture only')
    .option('--compare', 'two variants, captured in turns and put beside each other')
    .option('--list-variants', 'what can be changed, where, and whether outputs stay the same')
    .action(
      action((context, _args, options) =>
        options.listVariants === true
          ? listVariants(context)
          : runCommand(context, options as unknown as RunOptions),
      ),
    )
  captureOptions(
    command('sweep', 'time and peak memory for several frame counts, beside the published table'),
    '1,2,4',
    '3',
  ).action(
    action((context, _args, options) =>
      sweepCommand(context, { ...(options as unknown as RunOptions), import: false }),
    ),
  )
  command('exec <program...>', 'any program under nsys, its capture imported: exec -- python train.py')
    .option('--out <folder>', 'where the capture is kept')
    .option('--label <text>', 'what to call the run')
    .option('--capture-range <name>', 'an NVTX range, or cudaProfilerApi, that opens and closes the capture')
    .option('--memory', 'record device memory too (it slows the program)')
    .option('--no-import', 'capture only')
    .action(
      action((context, [program], options) =>
        execCommand(context, program as string[], options as unknown as ExecOptions),
      ),
    )
  command(
    'check-model <folder>',
    'the model against golden tensors (config.json, weights.safetensors, io.safetensors)',
  )
    .option('--backend <name>', 'onnx or torch', 'onnx')
    .option('--attention <form>', 'mha, onnx23 or decomposed')
    .action(
      action((context, [folder], options) =>
        checkModelCommand(context, folder as string, options as { backend: string; attention?: string }),
      ),
    )
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
  command('stats <run>', 'nsys’ own reports and rules, digit for digit (without --report: which there are)')
    .option(
      '--report <name>',
      'such as cuda_gpu_kern_sum, or gpu_gaps:gap=0; give it again for another',
      (value: string, before: string[]) => [...before, ...value.split(',')],
      [],
    )
    .option('--csv', 'comma-separated, as nsys prints it')
    .action(
      action((context, [run], options) =>
        statsCommand(context, run as string, options as unknown as StatsOptions),
      ),
    )
  command('export <run>', 'a run or a window of it as a file')
    .requiredOption('--to <file>', 'ending in .pftrace (Perfetto) or .csv')
    .option('--from-ns <time>', 'start of a window on the run’s axis')
    .option('--to-ns <time>', 'end of that window')
    .action(
      action((context, [run], options) =>
        exportCommand(context, run as string, options as unknown as ExportOptions),
      ),
    )
  command('doctor', 'what this machine can do, and what is missing').action(
    action((context) => doctorCommand(context)),
  )
  command('diff <base> <candidate>', 'why one run is faster than another (several captures a side: A1,A2)')
    .option(
      '--gate <limit>',
      'fail on a detectable change past it: latency<=+3%; give it again for more',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--strict', 'an inconclusive gate fails too')
    .option('--components <names>', 'phases for the before/after table, joined by commas (default: all)')
    .option('--markdown <file>', 'the answer as Markdown')
    .option('--junit <file>', 'the gates as JUnit XML')
    .option('--html <file>', 'the answer as one HTML file with its drawings')
    .action(
      action((context, [base, candidate], options) =>
        diffCommand(context, base as string, candidate as string, options as unknown as DiffOptions),
      ),
    )
  command('noise <runs>', 'how much captures of one program differ (A1,A2,…); kept for their device').action(
    action((context, [runs]) => noiseCommand(context, runs as string)),
  )
  command('claims <file> <base> <candidate>', 'what a README says, against what two runs show (YAML)').action(
    action((context, [file, base, candidate]) =>
      claimsCommand(context, file as string, base as string, candidate as string),
    ),
  )
  command('sql <run> <statement>', 'one SELECT over the tables of a run (an id, a label, or a trace file)')
    .option('--over <what>', 'trace, or original: the nsys export as it is', 'trace')
    .option('--csv', 'comma-separated')
    .option('--row-limit <n>', 'at most so many rows (10000)')
    .option('--time-limit-ms <n>', 'stop after so long (10000)')
    .action(
      action((context, [run, statement], options) =>
        sqlCommand(context, run as string, statement as string, options as unknown as SqlOptions),
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
