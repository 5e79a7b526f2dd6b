/**
 * Importing a file into a store: recognise, hash, read, store. The command line does it in its own process, the server in
 * a worker.
 */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { captureWindow } from '../analysis/capture-window.ts'
import { summaryOf } from '../analysis/summary.ts'
import { rowsByName } from '../analysis/kernels.ts'
import { phased } from '../analysis/phased.ts'
import { phaseRows } from '../analysis/phases.ts'
import { busyOf } from '../analysis/busy.ts'
import { deviceName } from '../analysis/ledger.ts'
import { opsByDevice } from '../analysis/device-work.ts'
import { overviewOf } from '../analysis/timeline/overview.ts'
import type { EncodeColumns } from '../db/columns.ts'
import { addOverview } from '../db/overview.ts'
import type { RunResults, RunSummary, Store } from '../db/store.ts'
import { formatOf } from '../parsers/detect.ts'
import type { ReadEffects } from '../parsers/format.ts'
import { formats } from '../parsers/index.ts'
import { WORTH_A_THREAD } from '../parsers/start-worker.ts'
import type { Trace } from '../trace/trace.ts'
import { sha256Of } from './hash-file.ts'
import { ImportAside } from './import-aside.ts'

export interface Imported {
  run: number
  /** True when a file with this content had been imported before: nothing was read again. */
  already: boolean
}

export interface ImportOptions extends ReadEffects {
  /** What to call the run; the file's name without its ending where not given. */
  label?: string | undefined
  /** The name to show for the source, where the path is a temporary one. */
  name?: string | undefined
}

/** Imports one file. Throws UserError where it is no trace; then nothing is stored. */
export async function importFile(store: Store, path: string, options: ImportOptions): Promise<Imported> {
  const format = formatOf(path, formats)
  const { size } = statSync(path)
  const name = options.name ?? basename(path)
  const source = { name, bytes: size, format: format.id }
  const add = (trace: Trace, sha256: string, encoding?: EncodeColumns): Imported => {
    const label = options.label ?? labelOf(name)
    const run = store.addRun(trace, [{ ...source, sha256 }], label, runSummary(trace), encoding)
    return { run, already: false }
  }
  const known = (sha256: string): Imported | undefined => {
    const run = store.runOfContent(sha256)
    return run === undefined ? undefined : { run, already: true }
  }
  // A file of a size never seen before is new: it is read while a thread hashes it.
  if (size < WORTH_A_THREAD || store.hasSourceOf(size)) {
    const sha256 = await sha256Of(path)
    return known(sha256) ?? add(await format.read(path, options), sha256)
  }
  const aside = new ImportAside(path)
  try {
    const trace = await format.read(path, options)
    const sha256 = await aside.sha256()
    return known(sha256) ?? add(trace, sha256, (columns) => aside.encode(columns))
  } finally {
    aside.stop()
  }
}

/** Computes and keeps a run's small results (metrics, phases, kernels) and what its timeline shows first. Takes about as long as the import again. */
export function keepResults(store: Store, run: number): void {
  const trace = phased(store.loadTrace(run))
  store.addResults(run, runResults(trace))
  addOverview(store.database, run, overviewOf(trace))
}

/** vggt_report.sqlite → vggt_report; trace.json.gz → trace. */
export const labelOf = (name: string): string =>
  name.replace(/(\.pt)?(\.trace)?\.(sqlite|db|nsys-rep|qdrep|json)(\.gz)?$/i, '') || name

function runSummary(trace: Trace): RunSummary {
  const window = captureWindow(trace)
  return {
    captureNs: window === undefined ? null : [window[0], window[1]],
    devices: opsByDevice(trace).flatMap((rows, device) =>
      rows.length === 0
        ? []
        : [
            {
              device,
              name: deviceName(trace, device),
              ops: rows.length,
              busyNs: busyOf(trace.device_op, rows),
            },
          ],
    ),
  }
}

function runResults(trace: Trace): RunResults {
  const facts = summaryOf(trace)
  const metrics: Record<string, number> = {}
  if (facts.captureNs !== null) metrics.capture_ns = facts.captureNs[1] - facts.captureNs[0]
  metrics.busy_ns = facts.devices.reduce((sum, device) => sum + device.busyNs, 0)
  metrics.kernels = facts.devices.reduce((sum, device) => sum + device.kernels, 0)
  const representative = facts.iterations.all.find((one) => one.index === facts.iterations.representative)
  if (representative !== undefined) metrics.iteration_ns = representative.wallNs
  const seen = new Set<string>()
  return {
    metrics,
    phases: phaseRows(trace, () => true).filter(({ path }) => !seen.has(path) && seen.add(path)),
    kernels: rowsByName(trace),
  }
}
