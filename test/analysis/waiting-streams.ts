/**
 * Random programs of two devices with two streams each that wait for each other's events, run on made-up devices that obey
 * every wait. What each op truly stood behind comes along: the truth to hold the trace's own evidence against. Synthetic.
 */
import fc from 'fast-check'
import { reorder, StringPool } from '../../trace/builder.ts'
import { tableBuilders } from '../../trace/builders.ts'
import { tableNames, tables } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { ascendingOrder } from '../../parsers/order.ts'

interface Step {
  do: 'launch' | 'record' | 'wait'
  stream: number
  event: number
  /** Host time before the call. */
  hostNs: number
  /** Time of an op on the device. */
  workNs: number
}

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    do: fc.constantFrom('launch', 'launch', 'record', 'wait'),
    stream: fc.nat(3),
    event: fc.nat(1),
    hostNs: fc.nat(20),
    workNs: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 300 })),
  }),
  { minLength: 15, maxLength: 40, size: 'max' },
)

const CALL_NS = 5
const WAY_NS = 3
const NAMES = {
  launch: 'cudaLaunchKernel_v7000',
  record: 'cudaEventRecord_v3020',
  wait: 'cudaStreamWaitEvent_v3020',
}

export interface Run {
  trace: Trace
  /** By start of an op: when the last event that its stream had been made to wait for was reached. */
  awaited: ReadonlyMap<number, number>
}

/** Runs the steps: one host thread; each stream works in order. Starts are made unique, so that they name an op. */
export function run(program: readonly Step[]): Run {
  const pool = new StringPool()
  const build = tableBuilders()
  build.process.add({ globalPid: 1n << 24n, pid: 1 })
  build.thread.add({ process: 0, tid: 1, globalTid: 1n })
  for (const id of [0, 1]) build.device.add({ id, name: pool.intern(`GPU ${id}`) })
  for (const row of [0, 1, 2, 3])
    build.stream.add({ device: row >> 1, process: 0, deviceOrdinal: row >> 1, context: 1, id: 7 + row })
  const awaited = new Map<number, number>()
  const starts = new Set<number>()
  /** By stream: when all that was submitted to it is done; when the event that it waits for is reached. */
  const done = [0, 0, 0, 0]
  const behind = [-Infinity, -Infinity, -Infinity, -Infinity]
  const reached = new Map<number, number>()
  let host = 100
  for (const [i, { do: kind, stream, event, hostNs, workNs }] of program.entries()) {
    host += hostNs
    const common = { process: 0, device: stream >> 1, stream, event, sourceRow: i + 1 }
    const call = build.api_call.add({
      start: host,
      duration: CALL_NS,
      thread: 0,
      name: pool.intern(NAMES[kind]),
      eventClass: 0,
      correlation: i + 1,
      sourceRow: i + 1,
    })
    if (kind === 'record') {
      build.cuda_event.add({ ...common, apiCall: call })
      reached.set(event, done[stream]!)
    } else if (kind === 'wait') {
      build.sync.add({ ...common, start: host, duration: CALL_NS, apiCall: call })
      // To wait for an event that was never recorded is to wait for nothing.
      behind[stream] = Math.max(behind[stream]!, reached.get(event) ?? -Infinity)
      done[stream] = Math.max(done[stream]!, behind[stream]!)
    }
    host += CALL_NS
    if (kind !== 'launch') continue
    let start = Math.max(host + WAY_NS, done[stream]! + WAY_NS)
    while (starts.has(start)) start++
    starts.add(start)
    build.device_op.add({
      start,
      duration: workNs,
      kind: 0,
      device: stream >> 1,
      stream,
      name: pool.intern('kernel'),
      launch: call,
      sourceRow: i + 1,
    })
    awaited.set(start, behind[stream]!)
    done[stream] = start + workNs
  }
  const ops = build.device_op.finish()
  const contents = Object.fromEntries(tableNames.map((name) => [name, build[name].finish()]))
  const trace = {
    ...contents,
    device_op: reorder(tables.device_op, ops, ascendingOrder(ops.start)),
    strings: pool.strings,
    meta: {
      format: 'random',
      facts: { tool: 'test' },
      originNs: '0',
      recorded: [...tableNames],
      sourceRows: {},
      skipped: [],
      warnings: [],
    },
  } as unknown as Trace
  return { trace, awaited }
}
