/**
 * CUPTI_ACTIVITY_KIND_CUDA_EVENT → cuda_event: which event was recorded into which stream.
 *
 * `timestamp` is 0 unless the capture asked for it (--cuda-event-trace), `eventSyncId` 0 or NULL unless CUPTI told it.
 */
import { NONE, NONE_I64 } from '../../trace/column.ts'
import { TableBuilder } from '../../trace/builder.ts'
import type { TableOf } from '../../trace/table.ts'
import { cudaEvent } from '../../trace/tables.ts'
import type { ImportState } from './import-state.ts'
import { told } from './rows.ts'

/** Every row, in the file's order; `stream` holds provisional rows until the lanes are sorted, links follow later. */
export function readCudaEvents(state: ImportState): TableOf<typeof cudaEvent> {
  const table = 'CUPTI_ACTIVITY_KIND_CUDA_EVENT'
  const read = state.read(table, {
    timestamp: 'i64?',
    deviceId: 'u32?',
    contextId: 'u32?',
    greenContextId: 'u32?',
    streamId: 'u32?',
    correlationId: 'u32?',
    globalPid: 'i64?',
    eventId: 'u32?',
    eventSyncId: 'u32?',
  })
  const c = read.columns
  const processes = state.processesOf(c.globalPid, read.length)
  const out = new TableBuilder(cudaEvent)
  for (let i = 0; i < read.length; i++) {
    const event = told(c.eventId?.[i])
    const stream = told(c.streamId?.[i])
    if (event === undefined || stream === undefined) {
      state.skip(table, 1, 'without an event or a stream')
      continue
    }
    const process = processes[i]!
    const ordinal = told(c.deviceId?.[i]) ?? 0
    const context = told(c.contextId?.[i]) ?? 0
    const reached = c.timestamp?.[i] ?? 0n
    out.add({
      time: reached === 0n || reached === NONE_I64 ? undefined : Number(reached - state.base),
      process,
      device: state.devices.rowOf(process, ordinal),
      stream: state.streams.rowOf(process, ordinal, context, c.greenContextId?.[i] ?? NONE, stream),
      event,
      record: told(c.eventSyncId?.[i] || NONE),
      correlation: told(c.correlationId?.[i]),
      sourceRow: read.rowid[i]!,
    })
  }
  return out.finish()
}
