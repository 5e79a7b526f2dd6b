/**
 * Synchronisations, the profiler's and CUDA's own overhead, and memory-usage events.
 */
import { NONE, NONE_I64 } from '../../trace/column.ts'
import { TableBuilder, tableFrom } from '../../trace/builder.ts'
import type { Columns, Table, TableSpec } from '../../trace/table.ts'
import { memoryEvent, overhead, OverheadSource, sync } from '../../trace/tables.ts'
import { ascendingOrder } from '../order.ts'
import type { ImportState } from './import-state.ts'
import { inOrder, told } from './rows.ts'

/** Sorts a finished builder by one of its time columns. */
export function sortedBy<C extends Columns>(builder: TableBuilder<C>, time: string): Table<C> {
  const table = builder.finish()
  const { length, ...rest } = table
  const columns = rest as Record<string, Float64Array | undefined>
  return tableFrom(builder.spec as TableSpec<C>, inOrder(columns, ascendingOrder(columns[time]!)), length)
}

/** stream 4294967295 and event 4294967295 stand for "none": they are our sentinel as well. */
export function readSyncs(state: ImportState): Table<typeof sync.columns> {
  const table = 'CUPTI_ACTIVITY_KIND_SYNCHRONIZATION'
  const read = state.read(table, {
    start: 'ns?',
    end: 'ns?',
    deviceId: 'u32?',
    contextId: 'u32?',
    greenContextId: 'u32?',
    streamId: 'u32?',
    correlationId: 'u32?',
    globalPid: 'i64?',
    syncType: 'u8?',
    deprecatedSyncType: 'u8?',
    eventId: 'u32?',
    eventSyncId: 'u32?',
  })
  const c = read.columns
  const processes = state.processesOf(c.globalPid, read.length)
  const out = new TableBuilder(sync)
  for (let i = 0; i < read.length; i++) {
    const start = c.start?.[i] ?? NaN
    const duration = (c.end?.[i] ?? NaN) - start
    if (!(duration >= 0)) {
      state.skip(table, 1, 'without a start on the time axis of the others, or ending before it')
      continue
    }
    const process = processes[i]!
    const ordinal = told(c.deviceId?.[i]) ?? 0
    const stream = told(c.streamId?.[i])
    out.add({
      start,
      duration,
      process,
      device: state.devices.rowOf(process, ordinal),
      stream:
        stream === undefined
          ? undefined
          : state.streams.rowOf(
              process,
              ordinal,
              told(c.contextId?.[i]) ?? 0,
              c.greenContextId?.[i] ?? NONE,
              stream,
            ),
      syncType: c.syncType?.[i],
      event: told(c.eventId?.[i]),
      record: told(c.eventSyncId?.[i] || NONE),
      correlation: told(c.correlationId?.[i]),
      sourceRow: read.rowid[i]!,
    })
  }
  return sortedBy(out, 'start')
}

export function readOverheads(state: ImportState): Table<typeof overhead.columns> {
  const out = new TableBuilder(overhead)
  for (const [table, source] of [
    ['PROFILER_OVERHEAD', OverheadSource.profiler],
    ['CUPTI_ACTIVITY_KIND_OVERHEAD', OverheadSource.cuda],
  ] as const) {
    const read = state.read(table, {
      start: 'ns?',
      end: 'ns?',
      globalTid: 'i64?',
      correlationId: 'u32?',
      nameId: 'u32?',
      overheadType: 'u8?',
    })
    const c = read.columns
    const threads = c.globalTid && state.identities.threadsOf(c.globalTid)
    for (let i = 0; i < read.length; i++) {
      const start = c.start?.[i] ?? NaN
      const duration = (c.end?.[i] ?? NaN) - start
      if (!(duration >= 0)) {
        state.skip(table, 1, 'without a start on the time axis of the others, or ending before it')
        continue
      }
      out.add({
        start,
        duration,
        thread: c.globalTid?.[i] === NONE_I64 ? undefined : threads?.[i],
        name: told(state.names.nameOf(c.nameId?.[i] ?? NONE)),
        source,
        type: c.overheadType?.[i],
        correlation: told(c.correlationId?.[i]),
        sourceRow: read.rowid[i]!,
      })
    }
  }
  return sortedBy(out, 'start')
}

export function readMemoryEvents(state: ImportState): Table<typeof memoryEvent.columns> {
  const table = 'CUDA_GPU_MEMORY_USAGE_EVENTS'
  const read = state.read(table, {
    start: 'ns?',
    globalPid: 'i64?',
    deviceId: 'u32?',
    address: 'i64?',
    bytes: 'f64?',
    memKind: 'u8?',
    memoryOperationType: 'u8?',
    name: 'string?',
    correlationId: 'u32?',
    localMemoryPoolAddress: 'i64?',
    localMemoryPoolSize: 'f64?',
    localMemoryPoolUtilizedSize: 'f64?',
  })
  const c = read.columns
  const processes = state.processesOf(c.globalPid, read.length)
  const out = new TableBuilder(memoryEvent)
  for (let i = 0; i < read.length; i++) {
    const time = c.start?.[i] ?? NaN
    if (Number.isNaN(time)) {
      state.skip(table, 1, 'without a time')
      continue
    }
    const process = processes[i]!
    out.add({
      time,
      process,
      device: state.devices.rowOf(process, told(c.deviceId?.[i]) ?? 0),
      operation: c.memoryOperationType?.[i] ?? 0,
      memoryKind: c.memKind?.[i],
      bytes: c.bytes?.[i] ?? 0,
      address: c.address?.[i],
      name: told(c.name?.[i]),
      correlation: told(c.correlationId?.[i]),
      poolAddress: c.localMemoryPoolAddress?.[i],
      poolSize: c.localMemoryPoolSize?.[i],
      poolUsed: c.localMemoryPoolUtilizedSize?.[i],
      sourceRow: read.rowid[i]!,
    })
  }
  return sortedBy(out, 'time')
}
