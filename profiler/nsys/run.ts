/**
 * Running nsys: a capture of a program, the export of a report.
 *
 * Both succeed when the file is there, not when the exit code is 0: `profile` exits with the target's status, and with 0
 * although it wrote nothing.
 */
import { UserError } from '../../trace/errors.ts'
import type { Effects, Outcome, RunOptions } from '../effects.ts'
import type { Tool } from '../tools.ts'
import {
  captureRangeEnvironment,
  commandLine,
  exportArguments,
  profileArguments,
  targetEnvironment,
} from './command.ts'
import type { ProfileOptions } from './command.ts'
import { failureOf, isPassing, lastWords } from './failures.ts'

const ATTEMPTS = 3

export interface Captured {
  /** The `.nsys-rep`. */
  report: string
  /** The command as one types it. */
  command: string
  /** The target's own exit status. */
  targetCode: number | null
  /** The target's and nsys' own words. */
  output: string
}

/** Captures a program. Throws a one-line UserError where no report came of it; a target that failed is no error here. */
export async function profileProgram(
  nsys: Tool,
  options: ProfileOptions,
  effects: Effects,
  run: RunOptions = {},
): Promise<Captured> {
  const args = profileArguments(options)
  const added = captureRangeEnvironment(options)
  const env = { ...targetEnvironment(run.env ?? process.env), ...added }
  const report = `${options.report}.nsys-rep`
  await effects.remove(report)
  const outcome = await again(() => effects.run(nsys.path, args, { ...run, env }), report, effects)
  const prefix = Object.entries(added).map(([name, value]) => `${name}=${value}`)
  if (!((await effects.size(report)) ?? 0)) throw failure(outcome, 'capture', targetStatus(outcome))
  return {
    report,
    command: commandLine([...prefix, nsys.path, ...args]),
    targetCode: outcome.code,
    output: outcome.output,
  }
}

/** Exports a report to SQLite. Throws a one-line UserError where that fails, and leaves no half file. */
export async function exportReport(
  nsys: Tool,
  report: string,
  sqlite: string,
  effects: Effects,
  run: RunOptions = {},
): Promise<void> {
  await effects.remove(sqlite)
  const outcome = await again(
    () => effects.run(nsys.path, exportArguments(report, sqlite), run),
    sqlite,
    effects,
  )
  if (outcome.code === 0 && ((await effects.size(sqlite)) ?? 0) > 0) return
  await effects.remove(sqlite)
  throw failure(outcome, 'export the report', '')
}

/** Again, where the failure is of the passing kind; three attempts in all. */
async function again(attempt: () => Promise<Outcome>, wanted: string, effects: Effects): Promise<Outcome> {
  let outcome = await attempt()
  for (let left = ATTEMPTS - 1; left > 0; left--) {
    if (((await effects.size(wanted)) ?? 0) > 0 || !isPassing(outcome.output)) break
    outcome = await attempt()
  }
  return outcome
}

const targetStatus = ({ code, signal }: Outcome): string =>
  code === 0 ? '' : ` (exit status ${code ?? signal})`

function failure(outcome: Outcome, doing: string, status: string): UserError {
  return (
    failureOf(outcome.output, doing) ??
    new UserError(
      'failed-check',
      `nsys could not ${doing}${status}: ${lastWords(outcome.output) || 'it said nothing'}; run the command by hand, or turn nsys off`,
    )
  )
}
