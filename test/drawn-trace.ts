/**
 * A trace drawn as text, so that a test shows its case. One column is one microsecond.
 *
 *   nvtx    [step.........]        a range from "[" to "]" (both columns inside), its name after the bracket
 *   api     aa..SSSS.bb           lower-case letters launch the device op of the same capital letter;
 *                                 S sync · M malloc · C blocking copy · O other call
 *   os      ....WW                a waiting OS call
 *   over    PPP...LL..FF          P profiler overhead · L module loading · F launch queue full
 *   gpu0    ..AA......BB          kernels on device 0, stream 7;  gpu0.8 is its stream 8
 *   copy0   ....CC                copies (host to device), set0 sets, graph0 graphs, node0 a runtime's nodes
 *   record0.8  .....1             the call that records event 1 into stream 8 of device 0
 *   wait1.7    ......1            the call that makes stream 7 of device 1 wait for event 1
 *   untold     .....3             the call that records some event, of which no row is left
 *   reached    ........1          when the device reached the (only) record of event 1, where that was collected
 *
 * Every line may name a thread: "api:2". Content begins at the first letter, dot or bracket; dots are nothing.
 */
import { StringPool } from '../trace/builder.ts'
import { tableBuilders } from '../trace/builders.ts'
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { DeviceOpKind, tableNames } from '../trace/tables.ts'
import type { TableName } from '../trace/tables.ts'
import { containingRanges, nestRanges } from '../trace/containment.ts'

const US = 1000
const CALLS: Record<string, string> = {
  S: 'cudaStreamSynchronize_v3020',
  M: 'cudaMalloc_v3020',
  C: 'cudaMemcpy_v3020',
  O: 'cudaEventRecord_v3020',
}
const OVERHEADS: Record<string, { name: string; source: number; type: number }> = {
  P: { name: 'CUDA profiling data flush overhead', source: 0, type: 0 },
  L: { name: 'Runtime Triggered Module Loading', source: 1, type: 6 },
  F: { name: 'Command Buffer Full', source: 1, type: 8 },
}
const KINDS: Record<string, number> = {
  gpu: DeviceOpKind.kernel,
  copy: DeviceOpKind.copy,
  set: DeviceOpKind.set,
  graph: DeviceOpKind.graph,
  node: DeviceOpKind.node,
}

interface Span {
  letter: string
  start: number
  duration: number
}

/** Calls about events, by what begins their line. */
const EVENT_CALLS: Record<string, string> = {
  record: 'cudaEventRecord_v3020',
  wait: 'cudaStreamWaitEvent_v3020',
  untold: 'cudaEventRecord_v3020',
}

/** Runs of the same letter or digit. */
function spansIn(text: string): Span[] {
  const spans: Span[] = []
  for (const match of text.matchAll(/([A-Za-z0-9])\1*/g))
    spans.push({ letter: match[1]!, start: match.index * US, duration: match[0].length * US })
  return spans
}

function rangesIn(text: string): { name: string; start: number; duration: number }[] {
  const found: { name: string; start: number; duration: number }[] = []
  for (const match of text.matchAll(/\[([\w ]*?)[.\s]*\]/g))
    found.push({ name: match[1]!.trim(), start: match.index * US, duration: match[0].length * US })
  return found
}

export interface DrawnOptions {
  /** Names of ops by letter; "kernel A" where not given. */
  names?: Record<string, string>
  /** Added to every time. */
  shift?: number
  /** Tables that the capture is said to have recorded; all by default. */
  recorded?: TableName[]
}

/** The trace of a drawing. */
export function drawn(text: string, options: DrawnOptions = {}): Trace {
  const pool = new StringPool()
  const shift = options.shift ?? 0
  const build = tableBuilders()
  build.process.add({ globalPid: 1n << 24n, pid: 1, name: pool.intern('drawn') })
  const threads = new Map<string, number>()
  const threadOf = (name: string): number => {
    let row = threads.get(name)
    if (row === undefined)
      threads.set(
        name,
        (row = build.thread.add({ process: 0, tid: threads.size + 1, globalTid: BigInt(threads.size + 1) })),
      )
    return row
  }
  const lines = text
    .split('\n')
    .map((line) => /^\s*([a-z]+)(\d*)(?:\.(\d+))?(?::(\w+))? +(\S.*)$/.exec(line))
    .filter((line) => line !== null)
    .map(([, what, device, stream, thread, content]) => ({
      what: what!,
      device: Number(device || 0),
      stream: Number(stream ?? 7),
      thread: thread ?? '1',
      content: content!,
    }))
  const deviceCount = Math.max(
    0,
    ...lines.filter((line) => line.what in KINDS || line.what in EVENT_CALLS).map((line) => line.device + 1),
  )
  for (let id = 0; id < deviceCount; id++) build.device.add({ id, name: pool.intern(`GPU ${id}`) })
  const ranges = lines
    .filter((line) => line.what === 'nvtx')
    .flatMap((line) => rangesIn(line.content).map((span) => ({ ...span, thread: threadOf(line.thread) })))
    .sort((a, b) => a.start - b.start || b.duration - a.duration)
  for (const [i, span] of ranges.entries())
    build.range.add({
      start: span.start + shift,
      duration: span.duration,
      open: 0,
      style: 0,
      thread: span.thread,
      name: pool.intern(span.name),
      depth: 0,
      eventType: 59,
      sourceRow: i + 1,
    })
  const rangeTable = build.range.finish()
  const calls = lines
    .filter((line) => line.what === 'api' || line.what in EVENT_CALLS)
    .flatMap((line) =>
      spansIn(line.content).map((span) => ({ ...line, ...span, row: threadOf(line.thread) })),
    )
    .sort((a, b) => a.start - b.start || b.duration - a.duration)
  const launches = new Map<string, number>()
  for (const [i, call] of calls.entries()) {
    const isLaunch = call.what === 'api' && call.letter === call.letter.toLowerCase()
    if (isLaunch) launches.set(call.letter.toUpperCase(), i)
    build.api_call.add({
      start: call.start + shift,
      duration: call.duration,
      thread: call.row,
      name: pool.intern(
        isLaunch ? 'cudaLaunchKernel_v7000' : (EVENT_CALLS[call.what] ?? CALLS[call.letter]!),
      ),
      eventClass: 0,
      correlation: isLaunch ? i + 1 : 1000 + i,
      result: 0,
      sourceRow: i + 1,
    })
  }
  const streams = new Map<string, number>()
  const ops = lines
    .filter((line) => line.what in KINDS)
    .flatMap((line) => spansIn(line.content).map((span) => ({ ...span, ...line })))
  const laneOf = (at: { device: number; stream: number }): string =>
    `${at.device}.${String(at.stream).padStart(6, '0')}`
  const lanes = [...new Set([...ops, ...calls.filter(isAboutEvents)].map(laneOf))].sort()
  for (const [row, key] of lanes.entries()) {
    const [device, id] = key.split('.').map(Number)
    streams.set(key, row)
    build.stream.add({ device: device!, process: 0, deviceOrdinal: device!, context: 1, id: id! })
  }
  ops.sort((a, b) => a.start - b.start)
  for (const [i, op] of ops.entries()) {
    const launch = launches.get(op.letter)
    build.device_op.add({
      start: op.start + shift,
      duration: op.duration,
      kind: KINDS[op.what]!,
      device: op.device,
      stream: streams.get(laneOf(op))!,
      name: pool.intern(options.names?.[op.letter] ?? `kernel ${op.letter}`),
      shortName: op.what === 'node' ? pool.intern('MatMul') : undefined,
      launch,
      correlation: launch === undefined ? undefined : launch + 1,
      copyKind: op.what === 'copy' ? 1 : undefined,
      range: op.what === 'node' ? innermost(rangeTable, op.start + shift) : undefined,
      sourceRow: i + 1,
    })
  }
  const reached = lines.filter((line) => line.what === 'reached').flatMap((line) => spansIn(line.content))
  for (const [i, call] of calls.entries()) {
    if (!isAboutEvents(call)) continue
    const common = { process: 0, device: call.device, stream: streams.get(laneOf(call))!, apiCall: i }
    const event = Number(call.letter)
    const time = reached.find((span) => span.letter === call.letter)?.start
    if (call.what === 'record')
      build.cuda_event.add({
        ...common,
        event,
        time: time === undefined ? undefined : time + shift,
        sourceRow: build.cuda_event.length + 1,
      })
    else
      build.sync.add({
        ...common,
        event,
        start: call.start + shift,
        duration: call.duration,
        sourceRow: build.sync.length + 1,
      })
  }
  for (const line of lines) {
    if (line.what === 'os')
      for (const span of spansIn(line.content))
        build.os_call.add({
          start: span.start + shift,
          duration: span.duration,
          thread: threadOf(line.thread),
          name: pool.intern('poll'),
          eventClass: 27,
          sourceRow: build.os_call.length + 1,
        })
    if (line.what === 'over')
      for (const span of spansIn(line.content))
        build.overhead.add({
          start: span.start + shift,
          duration: span.duration,
          thread: threadOf(line.thread),
          ...OVERHEADS[span.letter]!,
          name: pool.intern(OVERHEADS[span.letter]!.name),
          sourceRow: build.overhead.length + 1,
        })
  }
  const { parent, depth } = nestRanges(rangeTable)
  const range = { ...rangeTable, parent: parent.some((row) => row !== NONE) ? parent : undefined, depth }
  const apiTable = build.api_call.finish()
  const finished = Object.fromEntries(
    tableNames
      .filter((name) => name !== 'range' && name !== 'api_call')
      .map((name) => [name, build[name].finish()]),
  )
  return {
    ...finished,
    range,
    api_call: { ...apiTable, range: containingRanges(apiTable, range) },
    strings: pool.strings,
    meta: {
      format: 'drawn',
      facts: { tool: 'test' },
      originNs: '0',
      recorded: options.recorded ?? [...tableNames],
      sourceRows: {},
      skipped: [],
      warnings: [],
    },
  } as unknown as Trace
}

const isAboutEvents = ({ what }: { what: string }): boolean => what === 'record' || what === 'wait'

function innermost(
  ranges: { length: number; start: Float64Array; duration: Float64Array },
  at: number,
): number {
  let best: number | undefined
  for (let row = 0; row < ranges.length; row++)
    if (
      ranges.start[row]! <= at &&
      at <= ranges.start[row]! + ranges.duration[row]! &&
      (best === undefined || ranges.duration[row]! < ranges.duration[best]!)
    )
      best = row
  return best ?? NONE
}
