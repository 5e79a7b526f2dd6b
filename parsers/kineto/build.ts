/**
 * The collected rows → a Trace: sorted, named, linked, with what is to be said about it.
 */
import { columnOf } from '../../trace/table.ts'
import { emptyTable, StringPool } from '../../trace/builder.ts'
import { NONE } from '../../trace/column.ts'
import { tableNames, tables } from '../../trace/tables.ts'
import type { TableName } from '../../trace/tables.ts'
import type { Trace, TraceTables } from '../../trace/trace.ts'
import type { Collector } from './collect.ts'
import { buildDevice, linkOps } from './device-tables.ts'
import type { LinkedOps } from './device-tables.ts'
import { devicePropertiesOf, resolveDevices } from './devices.ts'
import { factsOf } from './facts.ts'
import type { Header } from './facts.ts'
import { buildCalls, buildRanges } from './call-tables.ts'
import { buildMarks, buildMemory, buildOverheads, buildSamples } from './host-tables.ts'
import type { Calls } from './link.ts'
import { Names } from './names.ts'
import { pairEdges } from './pairs.ts'

/** All that was read of a file. */
export interface Collected {
  collector: Collector
  header: Header
  warnings: string[]
}

/** Makes the Trace. The collector must not be used after. */
export function buildTrace({ collector, header, warnings }: Collected, format: string): Trace {
  const { rows, clock, places, lanes, tally } = collector
  pairEdges(rows, tally)
  rows.edges.release()
  const pool = new StringPool()
  const names = new Names(collector.scanner.texts, pool)
  const zero = clock.first === Infinity ? 0 : clock.first

  const ranges = buildRanges(collector, names, zero)
  rows.ranges.release()
  const apiCalls = buildCalls(collector, names, ranges.spans, zero)
  rows.calls.release()
  const calls = callsOf(apiCalls, collector)
  const linked = linkOps(collector, calls, pool.strings, places.processCount, zero)
  rows.flows.release()
  const working = new Set(rows.ops.column('lane').map((lane) => lanes.all[lane]!.device))
  const devices = resolveDevices(
    devicePropertiesOf(header.values['deviceProperties']),
    working,
    collector.devices,
    pool,
  )
  const device = buildDevice(
    collector,
    linked,
    calls,
    devices,
    names,
    processOfLane(collector, linked, calls),
    zero,
  )
  rows.ops.release()
  const hostTables = {
    range: ranges.table,
    api_call: apiCalls.table,
    overhead: buildOverheads(collector, names, zero),
    memory_event: buildMemory(collector, devices, zero),
    counter_sample: buildSamples(collector, zero),
    counter: collector.counters.finish(pool),
    mark: buildMarks(collector, names, zero),
  }
  const contents: TraceTables = {
    device: devices.table,
    ...device,
    ...hostTables,
    ...places.finish(pool),
    os_call: emptyTable(tables.os_call),
    cuda_event: emptyTable(tables.cuda_event),
    diagnostic: emptyTable(tables.diagnostic),
  }
  const limits = clock.limits(header.baseTimeNs !== undefined)
  const facts = factsOf(header, clock.origin(), clock.isEpochSized())
  if (showsGraphNodes(contents, pool.strings)) facts.graphMode = 'node'
  return {
    ...contents,
    strings: pool.strings,
    meta: {
      format,
      facts: { tool: format, ...facts },
      originNs: String(clock.origin()),
      recorded: recordedTables(contents, header),
      sourceRows: tally.sourceRows(),
      skipped: tally.skipped(),
      warnings: [
        ...warnings,
        ...(limits === undefined ? [] : [limits]),
        ...devices.warnings,
        ...linkWarnings(contents, linked),
      ],
    },
  }
}

function callsOf({ table, place, externalId }: ReturnType<typeof buildCalls>, { places }: Collector): Calls {
  return {
    length: table.length,
    start: table.start,
    duration: table.duration,
    place,
    process: place.map((one) => places.processRow(places.pid(one))),
    name: table.name,
    eventClass: table.eventClass ?? new Uint8Array(table.length),
    correlation: table.correlation ?? new Uint32Array(table.length).fill(NONE),
    externalId,
  }
}

/** Where no call tells: the process of other work on the lane, else on its device, else the only one that could be. */
function processOfLane(
  { lanes, places }: Collector,
  { launches }: LinkedOps,
  calls: Calls,
): (lane: number) => number {
  const { laneProcess } = launches
  const byDevice = new Map<number, number>()
  lanes.all.forEach((lane, i) => {
    if (laneProcess[i] !== NONE && !byDevice.has(lane.device)) byDevice.set(lane.device, laneProcess[i]!)
  })
  return (lane) => {
    const own = lane === NONE ? NONE : laneProcess[lane]!
    if (own !== NONE) return own
    const place = lane === NONE ? undefined : lanes.all[lane]
    const other = place === undefined ? undefined : byDevice.get(place.device)
    if (other !== undefined) return other
    if (calls.length > 0) return calls.process[0]!
    return places.processCount > 0 ? 0 : places.processRow(place === undefined ? 0 : places.pid(place.place))
  }
}

/** Kineto records the kernels of CUDA graphs one by one: seen where they say so, or where one graph launch caused several. */
function showsGraphNodes({ device_op, api_call }: TraceTables, strings: readonly string[]): boolean {
  if (device_op.graphNode !== undefined) return true
  const { launch } = device_op
  if (launch === undefined) return false
  const isGraphLaunch = strings.map((text) => /GraphLaunch/.test(text))
  return launch.some((call) => call !== NONE && isGraphLaunch[api_call.name[call]!]!)
}

/** CUDA calls without device work mean that device work was recorded too: there was none. Else only what is there counts. */
function recordedTables(contents: TraceTables, header: Header): TableName[] {
  return tableNames.filter(
    (name) =>
      contents[name].length > 0 ||
      (name === 'device_op' && contents.api_call.length > 0) ||
      (name === 'memory_event' && header.values['profile_memory'] === 1),
  )
}

function linkWarnings({ device_op, api_call }: TraceTables, { launches }: LinkedOps): string[] {
  if (device_op.length === 0) return ['the file holds no device work']
  if (api_call.length === 0) return ['no CUDA or HIP calls were recorded: launches are unknown']
  const launch = columnOf(device_op, 'launch')
  const without =
    launch === undefined ? device_op.length : launches.launch.filter((call) => call === NONE).length
  const warnings = []
  if (without > 0)
    warnings.push(
      `${without} of ${device_op.length} device ops have no launch: the calls that caused them are not in the file`,
    )
  if (launches.ambiguous > 0)
    warnings.push(`${launches.ambiguous} of them carry a correlation that occurs in several processes`)
  return warnings
}
