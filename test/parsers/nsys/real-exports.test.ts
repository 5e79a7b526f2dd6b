import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { ledger } from '../../../analysis/ledger.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { DeviceOpKind, OverheadSource } from '../../../trace/tables.ts'
import type { Trace } from '../../../trace/trace.ts'
import { exports, shared } from '../../shared.ts'

const files = exports()
if (files.length === 0)
  test.skip('real exports are read (skipped: PARALLAX_SHARED names no folder of shared captures)', () => {})

/** The table a source table goes to, and the rows of ours that came from it. */
const GOES_TO: Record<string, (trace: Trace) => number> = {
  CUPTI_ACTIVITY_KIND_KERNEL: (trace) => countKind(trace, DeviceOpKind.kernel),
  CUPTI_ACTIVITY_KIND_MEMCPY: (trace) => countKind(trace, DeviceOpKind.copy),
  CUPTI_ACTIVITY_KIND_MEMSET: (trace) => countKind(trace, DeviceOpKind.set),
  CUPTI_ACTIVITY_KIND_GRAPH_TRACE: (trace) => countKind(trace, DeviceOpKind.graph),
  CUPTI_ACTIVITY_KIND_RUNTIME: (trace) => trace.api_call.length,
  CUPTI_ACTIVITY_KIND_SYNCHRONIZATION: (trace) => trace.sync.length,
  CUPTI_ACTIVITY_KIND_CUDA_EVENT: (trace) => trace.cuda_event.length,
  OSRT_API: (trace) => trace.os_call.length,
  PROFILER_OVERHEAD: (trace) => trace.overhead.source.filter((one) => one === OverheadSource.profiler).length,
  CUPTI_ACTIVITY_KIND_OVERHEAD: (trace) =>
    trace.overhead.source.filter((one) => one === OverheadSource.cuda).length,
  CUDA_GPU_MEMORY_USAGE_EVENTS: (trace) => trace.memory_event.length,
  GPU_METRICS: (trace) => trace.counter_sample.length,
  DIAGNOSTIC_EVENT: (trace) => trace.diagnostic.length,
  NVTX_EVENTS: (trace) =>
    (trace.range.eventType?.reduce((sum, type) => sum + (type === 255 ? 0 : 1), 0) ?? 0) + trace.mark.length,
}
const countKind = (trace: Trace, kind: number): number =>
  trace.device_op.kind.filter((one) => one === kind).length

/** Tables of library calls, which become ranges of a category; several share one. */
const LIBRARIES: readonly (readonly [RegExp, string])[] = [
  [/^CUBLAS_EVENTS$/, 'cuBLAS'],
  [/^CUDNN_EVENTS$/, 'cuDNN'],
  [/^MPI_(P2P|COLLECTIVES|START_WAIT|OTHER)_EVENTS$/, 'MPI'],
  [/^CUPTI_ACTIVITY_KIND_OPENACC_(LAUNCH|DATA|OTHER)$/, 'OpenACC'],
  [/^NVVIDEO_(ENCODER|DECODER|JPEG)_API$/, 'NVIDIA Video'],
]

/** Ranges that came from library calls; those of NVTX have an event type. */
function countLibraryCalls(trace: Trace, category: string): number {
  const { length, category: categories, eventType } = trace.range
  let count = 0
  for (let row = 0; row < length; row++)
    if ((eventType?.[row] ?? 255) === 255 && trace.strings[categories?.[row] ?? -1] === category) count++
  return count
}

/** Counts as the list of shared captures states them. */
function listed(): Map<string, Record<string, number>> {
  const counts = new Map<string, Record<string, number>>()
  if (shared === undefined) return counts
  for (const line of readFileSync(join(shared, 'traces', 'INDEX.md'), 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim())
    const file = /^`(nsys[^`]*|vggt[^`]*)\.sqlite`$/.exec(cells[1] ?? '')?.[1]
    if (file === undefined) continue
    const rows = [...(cells[5] ?? '').matchAll(/(\w+) ([\d,]+)/g)].map(
      ([, name, count]) => [name!, Number(count!.replaceAll(',', ''))] as const,
    )
    counts.set(basename(file), Object.fromEntries(rows))
  }
  return counts
}

const LISTED: Record<string, (trace: Trace) => number> = {
  kernel: GOES_TO.CUPTI_ACTIVITY_KIND_KERNEL!,
  runtime: GOES_TO.CUPTI_ACTIVITY_KIND_RUNTIME!,
  memcpy: GOES_TO.CUPTI_ACTIVITY_KIND_MEMCPY!,
  memset: GOES_TO.CUPTI_ACTIVITY_KIND_MEMSET!,
  sync: GOES_TO.CUPTI_ACTIVITY_KIND_SYNCHRONIZATION!,
  osrt: GOES_TO.OSRT_API!,
  overhead: GOES_TO.PROFILER_OVERHEAD!,
  graph: GOES_TO.CUPTI_ACTIVITY_KIND_GRAPH_TRACE!,
  nvtx: GOES_TO.NVTX_EVENTS!,
  metrics: GOES_TO.GPU_METRICS!,
  memory: GOES_TO.CUDA_GPU_MEMORY_USAGE_EVENTS!,
  nvtx_ranges: (trace) => trace.range.eventType?.reduce((sum, type) => sum + (type === 255 ? 0 : 1), 0) ?? 0,
}

describe.each(files.map((file) => [basename(file), file]))('%s', (name, file) => {
  test('loads whole: counts, links, conservation, and a ledger that sums exactly', async () => {
    const trace = await nsysSqlite.read(file, {})
    expect(brokenRules(trace)).toEqual([])
    const database = new Database(file, { readonly: true })
    const rowsOf = (table: string): number =>
      (database.prepare(`SELECT count(*) AS n FROM "${table}"`).get() as { n: number }).n
    const skippedOf = (table: string): number =>
      trace.meta.skipped.filter((one) => one.what === table).reduce((sum, one) => sum + one.count, 0)
    // Source rows = imported rows + counted skips, for every event table in the file.
    for (const [table, rows] of Object.entries(trace.meta.sourceRows)) {
      expect(rows, table).toBe(rowsOf(table))
      if (LIBRARIES.some(([tables]) => tables.test(table))) continue
      expect((GOES_TO[table]?.(trace) ?? 0) + skippedOf(table), table).toBe(rows)
    }
    for (const [tables, category] of LIBRARIES) {
      const of = Object.entries(trace.meta.sourceRows).filter(([table]) => tables.test(table))
      const taken = of.reduce((sum, [table, rows]) => sum + rows - skippedOf(table), 0)
      expect(countLibraryCalls(trace, category), category).toBe(taken)
    }
    database.close()
    for (const [what, count] of Object.entries(listed().get(basename(name, '.sqlite')) ?? {}))
      expect(LISTED[what]!(trace), what).toBe(count)
    for (const device of ledger.compute(trace, {}).devices) {
      expect(device.owners.reduce((sum, one) => sum + one.ns, 0)).toBe(device.wallNs)
      expect(device.phases.reduce((sum, one) => sum + one.ns, 0)).toBe(device.wallNs)
    }
  })
})
