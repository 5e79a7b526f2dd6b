/**
 * What every command works with: the store, the output, and the tools of the machine, looked for once.
 */
import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Store } from '../db/store.ts'
import { formatOf } from '../parsers/detect.ts'
import { formats } from '../parsers/index.ts'
import { UserError } from '../trace/errors.ts'
import type { Trace } from '../trace/trace.ts'
import { labelOf } from '../server/import-file.ts'
import { findOnPath } from './tools.ts'
import type { Output } from './output.ts'

export interface Context {
  readonly output: Output
  readonly databasePath: string
  /** Opened when first asked for; closed by `close`. */
  store(): Store
  nsys(): string | undefined
  close(): void
}

export interface LoadedTrace {
  /** As it was recorded. */
  trace: Trace
  label: string
  /** The run's id; undefined for a file that was read without storing it. */
  run: number | undefined
}

/** The data folder under the user's home: $XDG_DATA_HOME/parallax, else ~/.local/share/parallax. */
export const defaultDatabasePath = (): string =>
  join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'parallax', 'parallax.sqlite')

export function createContext(output: Output, databasePath: string | undefined): Context {
  const path = databasePath ?? defaultDatabasePath()
  let store: Store | undefined
  return {
    output,
    databasePath: path,
    store() {
      if (store === undefined) {
        if (databasePath === undefined && !existsSync(path))
          output.note(`Runs are kept in ${path} (--db chooses another).`)
        store = new Store(path)
      }
      return store
    },
    nsys: () => findOnPath('nsys'),
    close: () => store?.close(),
  }
}

/** The trace that RUN names: a run's id or label, or a trace file, which is then read without storing it. */
export async function loadTrace(context: Context, run: string): Promise<LoadedTrace> {
  const isId = /^\d+$/.test(run)
  if (!isId && existsSync(run) && statSync(run).isFile()) {
    const trace = await formatOf(run, formats).read(run, {
      nsys: context.nsys(),
      progress: ({ rows }) => context.output.progress(`reading ${run}: ${rows.toLocaleString('en')} rows`),
    })
    context.output.endProgress()
    return { trace, label: labelOf(run.replace(/^.*[/\\]/, '')), run: undefined }
  }
  const found = context.store().findRun(run)
  if (found === undefined)
    throw new UserError(
      'not-found',
      `"${run}" is neither a run in ${context.databasePath} nor a file; "profile-vggt runs" lists the runs`,
    )
  return { trace: context.store().loadTrace(found.id), label: found.label, run: found.id }
}
