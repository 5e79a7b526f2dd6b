/** nsys' rules about calls that make the host wait: synchronisations, copies from pageable memory, blocking copies and sets. */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { nameText } from './names.ts'
import { MEMCPY, MEMORY_LABELS, MEMSET, RUNTIME } from './needs.ts'
import { integers, listed, report, texts, thousandths } from './report.ts'
import type { Cell, ReportRows } from './report.ts'
import { sourceTimes } from './source-time.ts'
import { deviceOfOp, memoryLabels, processOfOp, rowsOfKinds } from './work-rows.ts'

const BYTES_PER_MB = 1e6
const PAGEABLE = 0
const HOST_TO_DEVICE = 1
/** A host-to-device copy up to this many bytes returns before it is done, so it blocks nobody. */
const SMALL_COPY = 64_000
const ROWS = { rows: { type: 'count', about: 'at most this many rows, the longest (−1: all)' } } as const

/** At most `limit` rows, the longest first (the first cell is the duration). */
function longest(rows: Cell[][], limit: number): ReportRows {
  rows.sort((a, b) => Number(b[0]) - Number(a[0]))
  return listed(limit < 0 ? rows : rows.slice(0, limit))
}

export const cudaApiSync = report({
  id: 'cuda_api_sync',
  title: 'Synchronisation calls',
  kind: 'rule',
  needs: [{ table: 'StringIds' }, { table: RUNTIME }],
  parameters: ROWS,
  columns: [...integers('Duration (ns)', 'Start (ns)', 'PID', 'TID'), ...texts('API Name')],
  rows: (trace, { rows: limit = -1 }) => {
    const { api_call: api, thread, process } = trace
    const time = sourceTimes(trace)
    const isSync = named(trace, /^cuda(Device|Stream)Synchronize/i)
    const rows: Cell[][] = []
    for (let call = 0; call < api.length; call++)
      if (isSync(call)) {
        const row = api.thread[call]!
        const pid = process.pid[thread.process[row]!]!
        rows.push([
          api.duration[call]!,
          time(api.start[call]!),
          pid,
          thread.tid[row]!,
          nameText(trace, api.name[call]),
        ])
      }
    return longest(rows, limit)
  },
})

/** Whether a call's name matches. */
function named(trace: Trace, pattern: RegExp, not?: RegExp): (call: number) => boolean {
  const { name } = trace.api_call
  const known = new Map<number, boolean>()
  return (call) => {
    let answer = known.get(name[call]!)
    if (answer === undefined) {
      const text = trace.strings[name[call]!]!
      known.set(name[call]!, (answer = pattern.test(text) && not?.test(text) !== true))
    }
    return answer
  }
}

/**
 * Device ops with every call of that correlation id whose name fits, in whatever process: nsys joins these rules on the id
 * alone, so where processes count alike an op stands on several rows.
 */
function opsOfCalls(
  trace: Trace,
  ops: Uint32Array,
  fits: (call: number) => boolean,
  cells: (op: number) => Cell[],
): Cell[][] {
  const { api_call: api, device_op, stream, process } = trace
  const byId = new Map<number, number[]>()
  for (let call = 0; call < api.length; call++) {
    const id = api.correlation?.[call] ?? NONE
    if (id === NONE || !fits(call)) continue
    const known = byId.get(id)
    if (known === undefined) byId.set(id, [call])
    else known.push(call)
  }
  const time = sourceTimes(trace)
  const rows: Cell[][] = []
  for (const op of ops) {
    const lane = device_op.stream[op]!
    const green = stream.greenContext?.[lane] ?? NONE
    for (const call of byId.get(device_op.correlation?.[op] ?? NONE) ?? [])
      rows.push([
        device_op.duration[op]!,
        time(device_op.start[op]!),
        ...cells(op),
        device_op.bytes![op]! / BYTES_PER_MB,
        process.pid[processOfOp(trace, op)]!,
        deviceOfOp(trace, op),
        stream.context[lane]!,
        green === NONE || green === 0 ? null : green,
        stream.id[lane]!,
        nameText(trace, api.name[call]),
      ])
  }
  return rows
}

const WHERE = [
  ...thousandths('Bytes (MB)'),
  ...integers('PID', 'Device ID', 'Context ID', 'Green Context ID', 'Stream ID'),
  ...texts('API Name'),
]
const COPY_COLUMNS = [...integers('Duration (ns)', 'Start (ns)'), ...texts('Src Kind', 'Dst Kind'), ...WHERE]
const COPY_NEEDS = [
  { table: 'StringIds' },
  { table: RUNTIME },
  { table: MEMCPY },
  { column: 'greenContextId', of: [MEMCPY] },
  { table: MEMORY_LABELS },
  { column: 'globalPid', of: [MEMCPY] },
] as const

function copies(trace: Trace, isOne: (op: number) => boolean, fits: (call: number) => boolean): Cell[][] {
  const { srcKind, dstKind } = trace.device_op
  const label = memoryLabels(trace)
  return opsOfCalls(trace, rowsOfKinds(trace, DeviceOpKind.copy).filter(isOne), fits, (op) => [
    label(srcKind?.[op] ?? NONE_U8),
    label(dstKind?.[op] ?? NONE_U8),
  ])
}

export const cudaMemcpyAsync = report({
  id: 'cuda_memcpy_async',
  title: 'Asynchronous copies with pageable memory',
  kind: 'rule',
  needs: COPY_NEEDS,
  parameters: ROWS,
  columns: COPY_COLUMNS,
  rows: (trace, { rows = -1 }) => {
    const { srcKind, dstKind } = trace.device_op
    return longest(
      copies(
        trace,
        (op) => srcKind?.[op] === PAGEABLE || dstKind?.[op] === PAGEABLE,
        named(trace, /^cudaMemcpy.*Async/is),
      ),
      rows,
    )
  },
})

export const cudaMemcpySync = report({
  id: 'cuda_memcpy_sync',
  title: 'Blocking copies',
  kind: 'rule',
  needs: COPY_NEEDS,
  parameters: ROWS,
  columns: COPY_COLUMNS,
  rows: (trace, { rows = -1 }) => {
    const { bytes, copyKind, srcDevice, dstDevice } = trace.device_op
    return longest(
      copies(
        trace,
        (op) => {
          const isSmall = copyKind?.[op] === HOST_TO_DEVICE && bytes![op]! <= SMALL_COPY
          const source = srcDevice?.[op] ?? NONE
          return !isSmall && (source === NONE || source !== dstDevice?.[op])
        },
        named(trace, /^cudaMemcpy/i, /Async/i),
      ),
      rows,
    )
  },
})

const PINNED = 1
const MANAGED = 4

export const cudaMemsetSync = report({
  id: 'cuda_memset_sync',
  title: 'Blocking memory sets',
  kind: 'rule',
  needs: [
    { table: 'StringIds' },
    { table: RUNTIME },
    { table: MEMSET },
    { column: 'greenContextId', of: [MEMSET] },
    { table: MEMORY_LABELS },
    { column: 'globalPid', of: [MEMSET] },
  ],
  parameters: ROWS,
  columns: [...integers('Duration (ns)', 'Start (ns)'), ...texts('Memory Kind'), ...WHERE],
  rows: (trace, { rows = -1 }) => {
    const { memoryKind } = trace.device_op
    const label = memoryLabels(trace)
    const sets = rowsOfKinds(trace, DeviceOpKind.set).filter((op) => {
      const kind = memoryKind?.[op]
      return kind === PINNED || kind === MANAGED
    })
    return longest(
      opsOfCalls(trace, sets, named(trace, /^cudaMemset/i, /Async/i), (op) => [label(memoryKind?.[op])]),
      rows,
    )
  },
})
