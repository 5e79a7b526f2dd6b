/**
 * The tables of what happened on devices: ops, synchronisations, and the streams they stand on.
 */
import { NONE } from '../../trace/column.ts'
import { tableFrom } from '../../trace/builder.ts'
import { tables } from '../../trace/tables.ts'
import type { TraceTables } from '../../trace/trace.ts'
import { ascendingOrder } from '../order.ts'
import type { Collector } from './collect.ts'
import type { Devices } from './devices.ts'
import { linkLaunches } from './link.ts'
import type { Calls, Flows, Launches } from './link.ts'
import type { Names } from './names.ts'
import { opNames } from './op-names.ts'
import { Streams } from './streams.ts'

/** The order of device_op's rows, and the links found for them. */
export interface LinkedOps {
  order: Uint32Array
  launches: Launches
}

/** Links ops in their final order to calls in theirs. */
export function linkOps(
  { rows, lanes }: Collector,
  calls: Calls,
  strings: readonly string[],
  processes: number,
  zero: number,
): LinkedOps {
  const { ops, flows } = rows
  const order = ascendingOrder(ops.column('start'))
  const sortedFlows = (): Flows => {
    const byTime = ascendingOrder(flows.column('start'))
    return {
      length: flows.length,
      start: flows.column('start', byTime, (start) => start - zero),
      place: flows.column('place', byTime),
      id: flows.column('id', byTime),
      isEnd: flows.column('isEnd', byTime),
    }
  }
  const sortedOps = {
    length: ops.length,
    start: ops.column('start', order, (start) => start - zero),
    lane: ops.column('lane', order),
    correlation: ops.column('correlation', order),
    externalId: ops.column('externalId', order),
  }
  const lanePlace = lanes.all.map((lane) => lane.place)
  return { order, launches: linkLaunches(calls, sortedOps, sortedFlows, lanePlace, strings, processes) }
}

/** device_op and sync, with the streams they stand on. `processOf`: which process works on a lane where no call tells. */
export function buildDevice(
  collector: Collector,
  { order, launches }: LinkedOps,
  calls: Calls,
  devices: Devices,
  names: Names,
  processOf: (lane: number) => number,
  zero: number,
): Pick<TraceTables, 'device_op' | 'sync' | 'stream'> {
  const { rows, lanes } = collector
  const { ops, syncs } = rows
  const streams = new Streams(collector, devices, names)
  const lane = ops.column('lane', order)
  const opStream = lane.map((one, op) => {
    const call = launches.launch[op]!
    return streams.rowOf(one, call === NONE ? processOf(one) : calls.process[call]!)
  })
  const syncOrder = ascendingOrder(syncs.column('start'))
  const syncLane = syncs.column('lane', syncOrder)
  const correlation = syncs.column('correlation', syncOrder)
  const syncCall = correlation.map((id, i) => launches.callOf(syncLane[i]!, id))
  const syncProcess = syncCall.map((call, i) =>
    call === NONE ? processOf(syncLane[i]!) : calls.process[call]!,
  )
  const syncStream = syncLane.map((one, i) => (one === NONE ? NONE : streams.rowOf(one, syncProcess[i]!)))
  const { table, finalRow } = streams.finish()
  return {
    stream: table,
    device_op: tableFrom(
      tables.device_op,
      {
        start: ops.column('start', order, (start) => start - zero),
        duration: ops.column('duration', order),
        kind: ops.column('kind', order),
        device: Uint16Array.from(lane, (one) => devices.rowOf(lanes.all[one]!.device)),
        stream: opStream.map((row) => finalRow[row]!),
        ...opNames(collector, order, names),
        launch: launches.launch,
        correlation: ops.column('correlation', order),
        bytes: ops.column('bytes', order),
        srcDevice: ops.column('srcDevice', order),
        dstDevice: ops.column('dstDevice', order),
        gridX: ops.column('gridX', order),
        gridY: ops.column('gridY', order),
        gridZ: ops.column('gridZ', order),
        blockX: ops.column('blockX', order),
        blockY: ops.column('blockY', order),
        blockZ: ops.column('blockZ', order),
        registers: ops.column('registers', order),
        sharedTotal: ops.column('sharedTotal', order),
        graphNode: ops.column('graphNode', order),
        graphId: ops.column('graphId', order),
        sourceRow: ops.column('sourceRow', order),
      },
      ops.length,
    ),
    sync: tableFrom(
      tables.sync,
      {
        start: syncs.column('start', syncOrder, (start) => start - zero),
        duration: syncs.column('duration', syncOrder),
        process: syncProcess,
        device: Uint16Array.from(syncs.column('device', syncOrder), (id) => devices.rowOf(id)),
        stream: syncStream.map((row) => (row === NONE ? NONE : finalRow[row]!)),
        syncType: syncs.column('kind', syncOrder),
        event: syncs.column('event', syncOrder),
        correlation,
        apiCall: syncCall,
        sourceRow: syncs.column('sourceRow', syncOrder),
      },
      syncs.length,
    ),
  }
}
