/** `export RUN --to FILE`: a run, or a window of it, as Perfetto protobuf or CSV. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { captureWindow } from '../../analysis/capture-window.ts'
import { phased } from '../../analysis/phased.ts'
import { csvOf } from '../../export/csv.ts'
import { perfettoOf } from '../../export/perfetto.ts'
import { UserError } from '../../trace/errors.ts'
import { loadTrace } from '../context.ts'
import type { Context } from '../context.ts'

export interface ExportOptions {
  to: string
  fromNs?: string
  toNs?: string
}

export async function exportCommand(context: Context, run: string, options: ExportOptions): Promise<number> {
  const kind = /\.(pftrace|perfetto-trace|perfetto|csv)$/.exec(options.to)?.[1]
  if (kind === undefined)
    throw new UserError(
      'bad-request',
      `--to names a file ending in .pftrace (Perfetto) or .csv, not "${options.to}"`,
    )
  const trace = phased((await loadTrace(context, run)).trace)
  const capture = captureWindow(trace)
  if (capture === undefined)
    throw new UserError('bad-request', `${run} holds no events; there is nothing to export`)
  const window = {
    from: options.fromNs === undefined ? capture[0] : nsOf('--from-ns', options.fromNs),
    to: options.toNs === undefined ? capture[1] : nsOf('--to-ns', options.toNs),
  }
  const file = openSync(options.to, 'w')
  let bytes = 0
  try {
    for (const piece of kind === 'csv' ? csvOf(trace, window) : perfettoOf(trace, window))
      bytes += writeSync(file, typeof piece === 'string' ? Buffer.from(piece) : piece)
  } finally {
    closeSync(file)
  }
  context.output.answer(
    { file: options.to, bytes, fromNs: window.from, toNs: window.to },
    () => `${options.to}: ${bytes.toLocaleString('en')} bytes`,
  )
  return 0
}

function nsOf(flag: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new UserError('bad-request', `${flag} must be whole nanoseconds, not "${text}"`)
  return value
}
