/**
 * An nsys SQLite export → Trace. Which columns exist is asked of the file, never of its version number.
 */
import { NONE } from '../../trace/column.ts'
import { tableFrom } from '../../trace/builder.ts'
import { columnsOf } from '../../trace/table.ts'
import { UserError } from '../../trace/errors.ts'
import type { Trace, TraceFacts } from '../../trace/trace.ts'
import { apiCall, cudaEvent, deviceOp, osCall, sync, memoryEvent } from '../../trace/tables.ts'
import type { TableName } from '../../trace/tables.ts'
import { containingRanges } from '../../trace/containment.ts'
import { launchIndex } from '../launches.ts'
import type { ColumnSource } from '../sqlite/column-source.ts'
import { API_CALLS, readApiCalls, readOsCalls } from './api-calls.ts'
import type { ThreadRows } from './api-calls.ts'
import { readCudaEvents } from './cuda-events.ts'
import { KERNELS, readDeviceOps } from './device-ops.ts'
import type { DeviceOps } from './device-ops.ts'
import { readDiagnostics, readFacts } from './facts.ts'
import { ImportState } from './import-state.ts'
import { readMetrics } from './metrics.ts'
import { nameThreadsAndProcesses } from './thread-names.ts'
import { readRanges } from './ranges.ts'
import { readMemoryEvents, readOverheads, readSyncs } from './syncs.ts'
import { isEventTable, REPORT_TABLES, whyNotRead } from './source-tables.ts'
import { axisOf, shiftToFirstEvent } from './axis.ts'

/** Reads every table the trace has a place for. Throws UserError('bad-input') where the file holds no events at all. */
export function readNsys(source: ColumnSource, name: string, progress: (rows: number) => void): Trace {
  refuseOthers(source, name)
  const base = axisOf(source)
  const state = new ImportState(source, base, progress)
  state.warnings.push(...source.warnings)
  state.readTogether(KERNELS, API_CALLS)
  const facts = readFacts(state)
  // Device work last, unless it tells where an open range ends: its kernels are still being read.
  let read: DeviceOps | undefined
  const deviceOps = (): DeviceOps => (read ??= readDeviceOps(state))
  const api = readApiCalls(state)
  state.callersAre(api.columns.thread as Uint32Array)
  const os = readOsCalls(state)
  const syncs = readSyncs(state)
  const events = readCudaEvents(state)
  const overhead = readOverheads(state)
  const memory = readMemoryEvents(state)
  const { range, mark } = readRanges(state, (last) => Math.max(last, ...[deviceOps(), api, os].map(lastEnd)))
  const metrics = readMetrics(state)
  const diagnostic = readDiagnostics(state)
  const rangeOfCall = containingRanges(spans(api), range)
  const ops = deviceOps()
  nameThreadsAndProcesses(state)

  const { table: stream, rank } = state.streams.finish()
  const processOfThread = state.identities.threads.column('process') ?? new Uint32Array(0)
  const launchOf = launchIndex(
    {
      length: api.length,
      process: (call) => processOfThread[(api.columns.thread as Uint32Array)[call]!]!,
      correlation: api.columns.correlation as Uint32Array | undefined,
      eventClass: api.columns.eventClass as Uint8Array | undefined,
      name: api.columns.name as Uint32Array,
      duration: api.columns.duration as Float64Array,
    },
    state.pool.strings,
    state.identities.processes.length,
  )
  const linkedTo = (
    process: Uint32Array,
    correlation: Uint32Array | undefined,
    length: number,
  ): Uint32Array => {
    const launch = new Uint32Array(length).fill(NONE)
    if (correlation !== undefined)
      for (let i = 0; i < length; i++) launch[i] = launchOf(process[i]!, correlation[i]!)
    return launch
  }
  const oldStream = ops.columns.stream as Uint32Array
  const trace: Trace = {
    strings: state.pool.strings,
    device: state.devices.finish(),
    process: state.identities.processes.finish(),
    thread: state.identities.threads.finish(),
    stream,
    device_op: tableFrom(
      deviceOp,
      {
        ...ops.columns,
        stream: oldStream.map((row) => rank[row]!),
        launch: linkedTo(ops.process, ops.columns.correlation as Uint32Array | undefined, ops.length),
      },
      ops.length,
    ),
    api_call: tableFrom(apiCall, { ...api.columns, range: rangeOfCall }, api.length),
    range,
    os_call: tableFrom(osCall, os.columns, os.length),
    sync: tableFrom(
      sync,
      {
        ...columnsOf(sync, syncs),
        stream: syncs.stream?.map((row) => (row === NONE ? NONE : rank[row]!)),
        apiCall: linkedTo(syncs.process, syncs.correlation, syncs.length),
      },
      syncs.length,
    ),
    cuda_event: tableFrom(
      cudaEvent,
      {
        ...columnsOf(cudaEvent, events),
        stream: events.stream.map((row) => rank[row]!),
        apiCall: linkedTo(events.process, events.correlation, events.length),
      },
      events.length,
    ),
    overhead,
    memory_event: tableFrom(
      memoryEvent,
      {
        ...columnsOf(memoryEvent, memory),
        apiCall: linkedTo(memory.process, memory.correlation, memory.length),
      },
      memory.length,
    ),
    ...metrics,
    mark,
    diagnostic,
    meta: metaOf(state, facts, base),
  }
  return base === 0n ? trace : shiftToFirstEvent(trace)
}

/** Tables that only an nsys export has. */
const OF_NSYS =
  /^(StringIds$|CUPTI_ACTIVITY_KIND_|NVTX_EVENTS$|OSRT_API$|TARGET_INFO_|META_DATA_|EXPORT_META_DATA$|ANALYSIS_DETAILS$)/

function refuseOthers(source: ColumnSource, name: string): void {
  const { tables } = source
  if (tables.has('StringTable') && !tables.has('StringIds'))
    throw new UserError(
      'bad-input',
      `${name} is an nvprof file, which this program does not read; profile again with "nsys profile"`,
    )
  if (![...tables.keys()].some((table) => OF_NSYS.test(table)))
    throw new UserError(
      'bad-input',
      `${name} is a SQLite database but no Nsight Systems export (no StringIds, no event tables); export one with "nsys export --type sqlite report.nsys-rep"`,
    )
  const counted = [...tables.keys()].filter(isEventTable)
  if (source.rowCount('StringIds') === 0 && counted.every((table) => source.rowCount(table) === 0))
    throw new UserError(
      'bad-input',
      `${name} holds tables but not one row: the export failed; run "nsys export --type sqlite" again with an nsys at least as new as the report`,
    )
}

const lastEnd = (rows: { length: number; columns: ThreadRows['columns'] }): number => {
  const start = rows.columns.start as Float64Array
  const duration = rows.columns.duration as Float64Array
  let last = -Infinity
  for (let i = 0; i < rows.length; i++) if (start[i]! + duration[i]! > last) last = start[i]! + duration[i]!
  return last
}

const spans = (rows: ThreadRows) => ({
  start: rows.columns.start as Float64Array,
  duration: rows.columns.duration as Float64Array,
  thread: rows.columns.thread as Uint32Array,
})

const RECORDED: Partial<Record<TableName, readonly string[]>> = {
  device_op: [
    'CUPTI_ACTIVITY_KIND_KERNEL',
    'CUPTI_ACTIVITY_KIND_MEMCPY',
    'CUPTI_ACTIVITY_KIND_MEMSET',
    'CUPTI_ACTIVITY_KIND_GRAPH_TRACE',
  ],
  api_call: ['CUPTI_ACTIVITY_KIND_RUNTIME'],
  range: ['NVTX_EVENTS'],
  mark: ['NVTX_EVENTS'],
  os_call: ['OSRT_API'],
  sync: ['CUPTI_ACTIVITY_KIND_SYNCHRONIZATION'],
  cuda_event: ['CUPTI_ACTIVITY_KIND_CUDA_EVENT'],
  overhead: ['PROFILER_OVERHEAD', 'CUPTI_ACTIVITY_KIND_OVERHEAD'],
  memory_event: ['CUDA_GPU_MEMORY_USAGE_EVENTS'],
  counter_sample: ['GPU_METRICS'],
  diagnostic: ['DIAGNOSTIC_EVENT'],
}

function metaOf(state: ImportState, facts: TraceFacts, base: bigint): Trace['meta'] {
  const sourceRows = new Map<string, number>()
  for (const table of state.tables().keys()) {
    if (!isEventTable(table)) continue
    const count = state.rowCount(table)
    sourceRows.set(table, count)
    if (!state.handled.has(table))
      state.skip(table, count, whyNotRead(table) ?? 'a table this program does not know')
  }
  for (const view of state.views)
    if (Object.values(RECORDED).some((tables) => tables.includes(view)))
      state.warnings.push(`${view} is a view in this file, not a table: its rows are not read.`)
  if (facts.filtered !== undefined)
    state.warnings.push(
      `This export was cut (${facts.filtered}): launches, ranges and domains outside the cut are missing.`,
    )
  return {
    format: 'nsys-sqlite',
    facts,
    originNs: String(base),
    recorded: (Object.keys(RECORDED) as TableName[]).filter((name) =>
      RECORDED[name]!.some((table) => state.has(table)),
    ),
    sourceRows: Object.fromEntries(sourceRows),
    sourceTables: Object.fromEntries(
      REPORT_TABLES.filter((table) => state.has(table)).map((table) => [
        table,
        { columns: state.tables().get(table)!, rows: state.rowCount(table) },
      ]),
    ),
    skipped: state.skipped,
    warnings: state.warnings,
  }
}
