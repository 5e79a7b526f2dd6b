/**
 * The store: runs and what is known of them. The only place, with its neighbours, that writes SQL about our own tables.
 */
import type Database from 'better-sqlite3'
import { UserError } from '../trace/errors.ts'
import { RunDevice } from '../trace/api.ts'
import type { RunEdit, RunInfo } from '../trace/api.ts'
import { tableNames } from '../trace/tables.ts'
import type { Trace, TraceMeta } from '../trace/trace.ts'
import { z } from 'zod'
import { lazyTrace, writeColumns } from './columns.ts'
import type { EncodeColumns } from './columns.ts'
import { openDatabase } from './open.ts'

/** What the list of runs shows, computed from a trace once, at import. */
export interface RunSummary {
  captureNs: [number, number] | null
  devices: z.infer<typeof RunDevice>[]
}

/** Small results worth querying across runs. */
export interface RunResults {
  metrics: Readonly<Record<string, number>>
  phases: readonly {
    path: string
    count: number
    cpuRangeNs: number
    gpuBusyNs: number
    gpuSpanNs: number
    gpuSumNs: number
    kernels: number
  }[]
  kernels: readonly { name: string; class: string; count: number; totalNs: number }[]
}

export interface Source {
  name: string
  sha256: string
  bytes: number
  format: string
}

interface RunRow {
  id: number
  label: string
  tags: string
  notes: string
  imported_at: string
  meta: string
  summary: string
}

interface StoredSummary extends RunSummary {
  counts: Record<string, number>
}

/** How many loaded traces are kept in memory. */
const LOADED = 4

export class Store {
  readonly path: string
  readonly database: Database.Database
  readonly #loaded = new Map<number, Trace>()

  /** Opens the store at a path (":memory:" for none). Throws UserError('bad-input') where that is no store. */
  constructor(path: string) {
    this.path = path
    this.database = openDatabase(path)
  }

  close(): void {
    this.database.close()
  }

  /** The run made from a file with this content, if there is one. */
  runOfContent(sha256: string): number | undefined {
    return this.database
      .prepare<[string], { run_id: number }>('SELECT run_id FROM source WHERE sha256 = ?')
      .get(sha256)?.run_id
  }

  /** Whether some run was made from a file of this many bytes. */
  hasSourceOf(bytes: number): boolean {
    return this.database.prepare<[number]>('SELECT 1 FROM source WHERE bytes = ?').get(bytes) !== undefined
  }

  /** Stores a run in one transaction: it is there whole or not at all. `encoding` may use the trace up. Returns its id. */
  addRun(
    trace: Trace,
    sources: readonly Source[],
    label: string,
    summary: RunSummary,
    encoding?: EncodeColumns,
  ): number {
    const counts = Object.fromEntries(tableNames.map((name) => [name, trace[name].length]))
    const stored: StoredSummary = { ...summary, counts }
    return this.database.transaction(() => {
      const { lastInsertRowid } = this.database
        .prepare('INSERT INTO run (label, imported_at, meta, summary) VALUES (?, ?, ?, ?)')
        .run(label, new Date().toISOString(), JSON.stringify(trace.meta), JSON.stringify(stored))
      const run = Number(lastInsertRowid)
      const source = this.database.prepare(
        'INSERT INTO source (run_id, position, name, sha256, bytes, format) VALUES (?, ?, ?, ?, ?, ?)',
      )
      for (const [position, one] of sources.entries())
        source.run(run, position, one.name, one.sha256, one.bytes, one.format)
      writeColumns(this.database, run, trace, encoding)
      return run
    })()
  }

  runs(): RunInfo[] {
    return this.database
      .prepare<[], RunRow>('SELECT * FROM run ORDER BY id')
      .all()
      .map((row) => this.#info(row))
  }

  run(id: number): RunInfo {
    const row = this.database.prepare<[number], RunRow>('SELECT * FROM run WHERE id = ?').get(id)
    if (row === undefined) throw noRun(String(id))
    return this.#info(row)
  }

  /** A run by id or label. Of several with one label, the newest. */
  findRun(idOrLabel: string): RunInfo | undefined {
    const row = this.database
      .prepare<[string, string], RunRow>(
        'SELECT * FROM run WHERE CAST(id AS TEXT) = ? OR label = ? ORDER BY id DESC',
      )
      .get(idOrLabel, idOrLabel)
    return row && this.#info(row)
  }

  editRun(id: number, edit: RunEdit): RunInfo {
    const now = this.run(id)
    this.database
      .prepare('UPDATE run SET label = ?, tags = ?, notes = ? WHERE id = ?')
      .run(edit.label ?? now.label, JSON.stringify(edit.tags ?? now.tags), edit.notes ?? now.notes, id)
    return this.run(id)
  }

  deleteRun(id: number): void {
    const { changes } = this.database.prepare('DELETE FROM run WHERE id = ?').run(id)
    this.#loaded.delete(id)
    if (changes === 0) throw noRun(String(id))
  }

  /** How much captures of one program differ on a device; undefined where nobody measured it. */
  noiseFloor(device: string): { share: number; captures: number } | undefined {
    return this.database
      .prepare<[string], { share: number; captures: number }>(
        'SELECT share, captures FROM noise_floor WHERE device = ?',
      )
      .get(device)
  }

  /** Keeps what an A/A measurement found; the newest counts. */
  keepNoiseFloor(device: string, floor: { share: number; captures: number }): void {
    this.database
      .prepare(
        'INSERT OR REPLACE INTO noise_floor (device, share, captures, measured_at) VALUES (?, ?, ?, ?)',
      )
      .run(device, floor.share, floor.captures, new Date().toISOString())
  }

  /** The run's trace; its columns are read when first used. The last few stay loaded. */
  loadTrace(id: number): Trace {
    const known = this.#loaded.get(id)
    if (known !== undefined) {
      this.#loaded.delete(id)
      this.#loaded.set(id, known)
      return known
    }
    const row = this.database.prepare<[number], RunRow>('SELECT * FROM run WHERE id = ?').get(id)
    if (row === undefined) throw noRun(String(id))
    const { counts } = JSON.parse(row.summary) as StoredSummary
    const trace = lazyTrace(this.database, id, JSON.parse(row.meta) as TraceMeta, counts)
    this.#loaded.set(id, trace)
    if (this.#loaded.size > LOADED) this.#loaded.delete(this.#loaded.keys().next().value!)
    return trace
  }

  #info(row: RunRow): RunInfo {
    const meta = JSON.parse(row.meta) as TraceMeta
    const summary = JSON.parse(row.summary) as StoredSummary
    const sources = this.database
      .prepare<[number], Source>(
        'SELECT name, sha256, bytes, format FROM source WHERE run_id = ? ORDER BY position',
      )
      .all(row.id)
    return {
      id: row.id,
      label: row.label,
      tags: JSON.parse(row.tags) as string[],
      notes: row.notes,
      format: meta.format,
      sourceSha256: sources[0]?.sha256 ?? '',
      sources,
      importedAt: row.imported_at,
      counts: summary.counts,
      skipped: meta.skipped,
      warnings: meta.warnings,
      facts: { ...meta.facts, originNs: meta.originNs },
      recorded: meta.recorded,
      captureNs: summary.captureNs,
      devices: summary.devices,
    }
  }

  /** Keeps a run's small results for queries across runs; replaces what was kept before. */
  addResults(run: number, results: RunResults): void {
    const { database } = this
    database.transaction(() => {
      for (const table of ['run_metric', 'run_phase', 'run_kernel'])
        database.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(run)
      const metric = database.prepare('INSERT INTO run_metric VALUES (?, ?, ?)')
      for (const [name, value] of Object.entries(results.metrics)) metric.run(run, name, value)
      const phase = database.prepare('INSERT INTO run_phase VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      for (const p of results.phases)
        phase.run(run, p.path, p.count, p.cpuRangeNs, p.gpuBusyNs, p.gpuSpanNs, p.gpuSumNs, p.kernels)
      const kernel = database.prepare('INSERT INTO run_kernel VALUES (?, ?, ?, ?, ?)')
      for (const k of results.kernels) kernel.run(run, k.name, k.class, k.count, k.totalNs)
    })()
  }
}

const noRun = (name: string): UserError =>
  new UserError('not-found', `no run "${name}" in this store; list them with "profile-vggt runs"`)
