/** `exec -- CMD…`: any program under nsys, its capture imported. */
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { nodeEffects } from '../../profiler/effects.ts'
import { exportReport, profileProgram } from '../../profiler/nsys/run.ts'
import { locateTools } from '../../profiler/tools.ts'
import { importFile, keepResults } from '../../server/import-file.ts'
import { UserError } from '../../trace/errors.ts'
import { defaultDatabasePath } from '../context.ts'
import type { Context } from '../context.ts'

export interface ExecOptions {
  out?: string
  label?: string
  captureRange?: string
  memory?: boolean
  import: boolean
}

export async function execCommand(
  context: Context,
  command: readonly string[],
  options: ExecOptions,
): Promise<number> {
  if (command.length === 0)
    throw new UserError('bad-request', 'name a program to profile: profile-vggt exec -- python train.py')
  const { nsys } = await locateTools(nodeEffects)
  if (nsys === undefined)
    throw new UserError(
      'tool-missing',
      'exec captures with Nsight Systems, and no nsys was found; install it, or profile with torch.profiler and import the trace',
    )
  const name = basename(command[0]!)
  const folder =
    options.out ??
    join(defaultDatabasePath(), '..', 'captures', `${new Date().toISOString().replaceAll(':', '-')}-${name}`)
  mkdirSync(folder, { recursive: true })
  context.output.note(`capturing with nsys ${nsys.version} …`)
  const {
    report,
    command: typed,
    targetCode,
  } = await profileProgram(
    nsys,
    {
      report: join(folder, 'report'),
      trace: ['cuda', 'nvtx', 'osrt'],
      ...(options.captureRange === undefined
        ? {}
        : {
            captureRange:
              options.captureRange === 'cudaProfilerApi'
                ? ('cudaProfilerApi' as const)
                : { range: options.captureRange },
          }),
      ...(options.memory === true ? { memoryUsage: true } : {}),
      target: command,
    },
    nodeEffects,
  )
  const sqlite = join(folder, 'report.sqlite')
  context.output.progress('exporting the report')
  await exportReport(nsys, report, sqlite, nodeEffects)
  context.output.endProgress()
  let run: number | null = null
  if (options.import) {
    const imported = await importFile(context.store(), sqlite, { label: options.label ?? name })
    if (!imported.already) keepResults(context.store(), imported.run)
    run = imported.run
  }
  context.output.answer({ run, report, sqlite, command: typed, targetExitCode: targetCode }, () =>
    [
      run === null ? 'captured, not imported' : `run ${run}`,
      `  ${report}`,
      `  ${typed}`,
      ...(targetCode === 0 ? [] : [`  the program itself ended with status ${targetCode}`]),
    ].join('\n'),
  )
  return 0
}
