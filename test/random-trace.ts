/**
 * Random small traces for property tests: overlapping ops of every kind on two devices and several streams, launches or
 * none, nested and crossing ranges, calls of every kind, waits, events recorded and waited for, overhead. Synthetic by nature.
 */
import fc from 'fast-check'
import { containingRanges, nestRanges } from '../trace/containment.ts'
import { reorder, StringPool, tableFrom } from '../trace/builder.ts'
import { tableBuilders } from '../trace/builders.ts'
import { columnsOf } from '../trace/table.ts'
import type { Trace } from '../trace/trace.ts'
import { specOf, tableNames, tables } from '../trace/tables.ts'
import type { TableName } from '../trace/tables.ts'
import { ascendingOrder } from '../parsers/order.ts'

const NAMES = [
  'flash_fwd',
  'ampere_sgemm',
  'layer_norm_kernel',
  'elementwise_kernel',
  'CatArrayBatchedCopy',
  'nothing known',
]
const CALLS = [
  'cudaLaunchKernel_v7000',
  'cudaStreamSynchronize_v3020',
  'cudaMalloc_v3020',
  'cudaMemcpy_v3020',
  'cudaEventRecord_v3020',
  'cudaStreamWaitEvent_v3020',
]
const RECORD = 4
const WAIT = 5

const call = fc.record({
  gap: fc.integer({ min: 0, max: 40 }),
  duration: fc.integer({ min: 0, max: 30 }),
  name: fc.nat(CALLS.length - 1),
  thread: fc.nat(1),
  // Of calls about events.
  lane: fc.nat(3),
  event: fc.nat(1),
})
const op = fc.record({
  delay: fc.integer({ min: -5, max: 60 }),
  duration: fc.integer({ min: 0, max: 50 }),
  kind: fc.nat(3),
  lane: fc.nat(3),
  name: fc.nat(NAMES.length - 1),
  isLaunched: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
})
const span = fc.record({ start: fc.nat(900), duration: fc.nat(200), thread: fc.nat(1), name: fc.nat(3) })

export interface RandomParts {
  calls: { gap: number; duration: number; name: number; thread: number; lane: number; event: number }[]
  ops: { delay: number; duration: number; kind: number; lane: number; name: number; isLaunched: boolean }[]
  ranges: { start: number; duration: number; thread: number; name: number }[]
  waits: { start: number; duration: number; thread: number; name: number }[]
  overheads: { start: number; duration: number; thread: number; name: number }[]
}

export const randomParts: fc.Arbitrary<RandomParts> = fc.record({
  calls: fc.array(call, { maxLength: 30 }),
  ops: fc.array(op, { maxLength: 30 }),
  ranges: fc.array(span, { maxLength: 10 }),
  waits: fc.array(span, { maxLength: 5 }),
  overheads: fc.array(span, { maxLength: 5 }),
})

export interface BuildChoices {
  /** Added to every time. */
  shift?: number
  /** Source rows of device ops are numbered in this order; the answer must not depend on it where nothing ties. */
  extraZeroOps?: readonly number[]
}

/** The trace of random parts. */
export function traceOf(parts: RandomParts, choices: BuildChoices = {}): Trace {
  // From 1 on: an op that starts and ends at 0 stands for one whose times were not collected.
  const shift = 1 + (choices.shift ?? 0)
  const pool = new StringPool()
  const build = tableBuilders()
  build.process.add({ globalPid: 1n << 24n, pid: 1 })
  for (const tid of [1, 2]) build.thread.add({ process: 0, tid, globalTid: BigInt(tid) })
  for (const id of [0, 1]) build.device.add({ id, name: pool.intern(`GPU ${id}`) })
  for (const lane of [0, 1, 2, 3])
    build.stream.add({
      device: lane >> 1,
      process: 0,
      deviceOrdinal: lane >> 1,
      context: 1,
      id: 7 + (lane & 1),
    })
  const clock = [shift, shift]
  for (const [i, one] of parts.calls.entries()) {
    const start = clock[one.thread]! + one.gap
    clock[one.thread] = start + one.duration
    build.api_call.add({
      start,
      duration: one.duration,
      thread: one.thread,
      name: pool.intern(CALLS[one.name]!),
      eventClass: 0,
      correlation: i + 1,
      sourceRow: i + 1,
    })
  }
  const calls = inTimeOrder('api_call', build.api_call.finish()) as Trace['api_call']
  for (let row = 0; row < calls.length; row++) {
    const { name, lane, event } = parts.calls[calls.sourceRow[row]! - 1]!
    const common = { process: 0, device: lane >> 1, stream: lane, event, apiCall: row, sourceRow: row + 1 }
    if (name === RECORD) build.cuda_event.add(common)
    if (name === WAIT) build.sync.add({ ...common, start: calls.start[row]!, duration: calls.duration[row]! })
  }
  for (const [i, one] of parts.ops.entries()) {
    const launch = calls.length === 0 || !one.isLaunched ? undefined : i % calls.length
    const from = launch === undefined ? shift + 20 * i : calls.start[launch]!
    build.device_op.add({
      start: Math.max(shift, from + one.delay),
      duration: one.duration,
      kind: one.kind,
      device: one.lane >> 1,
      stream: one.lane,
      name: pool.intern(NAMES[one.name]!),
      copyKind: one.kind === 2 ? 1 : undefined,
      launch,
      sourceRow: i + 1,
    })
  }
  for (const [i, at] of (choices.extraZeroOps ?? []).entries())
    build.device_op.add({
      start: at,
      duration: 0,
      kind: 0,
      device: 0,
      stream: 0,
      name: pool.intern('zero'),
      sourceRow: 10_000 + i,
    })
  for (const [i, one] of parts.ranges.entries())
    build.range.add({
      start: one.start + shift,
      duration: one.duration,
      open: 0,
      style: i % 2,
      thread: one.thread,
      name: pool.intern(`phase ${one.name}`),
      depth: 0,
      sourceRow: i + 1,
    })
  for (const [i, one] of parts.waits.entries())
    build.os_call.add({
      start: one.start + shift,
      duration: one.duration,
      thread: one.thread,
      name: pool.intern('poll'),
      eventClass: 27,
      sourceRow: i + 1,
    })
  for (const [i, one] of parts.overheads.entries())
    build.overhead.add({
      start: one.start + shift,
      duration: one.duration,
      thread: one.thread,
      source: one.name & 1,
      type: one.name & 1 ? 6 : 0,
      sourceRow: i + 1,
    })
  const unnested = build.range.finish()
  const order = ascendingOrder(unnested.start, ascendingOrder(unnested.duration.map((d) => -d)))
  const ranges = reorder(tables.range, unnested, order)
  const range = tableFrom(
    tables.range,
    { ...columnsOf(tables.range, ranges), ...nestRanges(ranges) },
    ranges.length,
  )
  const linked = { ...columnsOf(tables.api_call, calls), range: containingRanges(calls, range) }
  const rest = tableNames
    .filter((name) => name !== 'range' && name !== 'api_call')
    .map((name) => [name, inTimeOrder(name, build[name].finish())])
  return {
    ...Object.fromEntries(rest),
    range,
    api_call: tableFrom(tables.api_call, linked, calls.length),
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
}

function inTimeOrder(name: TableName, contents: { length: number }): unknown {
  const spec = specOf(name)
  if (spec.sortedBy === undefined) return contents
  const keys = columnsOf(spec, contents)[spec.sortedBy] as Float64Array
  return reorder(spec as never, contents as never, ascendingOrder(keys))
}
