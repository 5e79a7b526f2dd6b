/** Verbs about traces and runs: import, runs, show, stats, sql, export. */
import { exportCommand } from '../commands/export.ts'
import type { ExportOptions } from '../commands/export.ts'
import { importCommand } from '../commands/import.ts'
import { runsCommand } from '../commands/runs.ts'
import { showCommand, showFlags } from '../commands/show.ts'
import { sqlCommand } from '../commands/sql.ts'
import type { SqlOptions } from '../commands/sql.ts'
import { statsCommand } from '../commands/stats.ts'
import type { StatsOptions } from '../commands/stats.ts'
import type { Verbs } from './verbs.ts'

export function traceVerbs({ command, action }: Verbs): void {
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
}
