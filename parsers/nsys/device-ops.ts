/**
 * Kernels, copies, sets and whole-graph launches → device_op, before links: start-sorted, with process rows beside them.
 */
import { NONE, NONE_U8, newArray, permuted, scatter, sentinelOf, isOptional } from '../../trace/column.ts'
import type { ArrayOf, ColumnArray, ColumnType } from '../../trace/column.ts'
import { deviceOp, DeviceOpKind } from '../../trace/tables.ts'
import { identityOrder } from '../order.ts'
import type { ImportState } from './import-state.ts'
import { copyName, COPY_KINDS } from './enums.ts'
import { countBad, durations, inOrder, sorted, sourceRows } from './rows.ts'
import type { ColumnSet } from './rows.ts'

const LANE = {
  start: 'ns?',
  end: 'ns?',
  deviceId: 'u32?',
  contextId: 'u32?',
  greenContextId: 'u32?',
  streamId: 'u32?',
  correlationId: 'u32?',
  globalPid: 'i64?',
} as const

export const KERNELS = [
  'CUPTI_ACTIVITY_KIND_KERNEL',
  {
    ...LANE,
    demangledName: 'u32?',
    shortName: 'u32?',
    mangledName: 'u32?',
    registersPerThread: 'u32?',
    gridX: 'u32?',
    gridY: 'u32?',
    gridZ: 'u32?',
    blockX: 'u32?',
    blockY: 'u32?',
    blockZ: 'u32?',
    staticSharedMemory: 'u32?',
    dynamicSharedMemory: 'u32?',
    localMemoryPerThread: 'u32?',
    sharedMemoryExecuted: 'u32?',
    graphNodeId: 'i64?',
    graphId: 'u32?',
  },
] as const

const MEMCPY = {
  ...LANE,
  bytes: 'f64?',
  copyKind: 'u8?',
  srcKind: 'u8?',
  dstKind: 'u8?',
  srcDeviceId: 'u32?',
  dstDeviceId: 'u32?',
  graphNodeId: 'i64?',
} as const

const MEMSET = { ...LANE, bytes: 'f64?', memKind: 'u8?', graphNodeId: 'i64?' } as const
const GRAPH = { ...LANE, graphId: 'u32?', graphExecId: 'u32?' } as const

/** One source table's rows in device_op's columns, not yet merged with the others'. */
interface Part {
  length: number
  columns: ColumnSet
  process: Uint32Array
  /** Rows without a start, or that end before it. */
  bad: Uint32Array
}

export interface DeviceOps {
  length: number
  columns: ColumnSet
  process: Uint32Array
}

/** Reads all four tables and merges them by start time. `stream` holds provisional rows until the lanes are sorted. */
export function readDeviceOps(state: ImportState): DeviceOps {
  const parts = [kernels(state), copies(state), sets(state), graphs(state)].filter((part) => part.length > 0)
  const start = oneAfterAnother(parts.map((one) => one.columns.start as Float64Array))
  const order = sorted(start, badRows(parts))
  if (parts.length === 1) {
    const { columns, process } = parts[0]!
    if (order === undefined) return parts[0]!
    return { length: order.length, columns: inOrder(columns, order), process: permuted(process, order) }
  }
  return merged(parts, order ?? identityOrder(start.length), start.length)
}

function oneAfterAnother(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0]!
  const all = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0))
  let at = 0
  for (const column of columns) {
    all.set(column, at)
    at += column.length
  }
  return all
}

type Common = { [K in keyof typeof LANE]?: ArrayOf<(typeof LANE)[K]> }

/** Columns that every device op has; `more` gives the rest, aligned with the source's rows. */
function part(
  state: ImportState,
  table: string,
  read: { length: number; rowid: Float64Array; columns: Common },
  kind: number,
  more: ColumnSet,
): Part {
  const { columns: c, length } = read
  const start = c.start ?? new Float64Array(length)
  placeUncollected(state, table, start, c.end ?? start)
  const { duration, bad } = durations(start, c.end)
  countBad(state, table, bad)
  const process = state.processesOf(c.globalPid, length)
  const device = new Uint16Array(length)
  const stream = new Uint32Array(length)
  for (let i = 0; i < length; i++) {
    // Neighbouring rows are mostly of one lane.
    if (i > 0 && isSameLane(c, process, i)) {
      device[i] = device[i - 1]!
      stream[i] = stream[i - 1]!
      continue
    }
    const ordinal = told(c.deviceId?.[i])
    device[i] = state.devices.rowOf(process[i]!, ordinal)
    stream[i] = state.streams.rowOf(
      process[i]!,
      ordinal,
      told(c.contextId?.[i]),
      c.greenContextId?.[i] ?? NONE,
      told(c.streamId?.[i]),
    )
  }
  const columns: ColumnSet = {
    start,
    duration,
    kind: new Uint8Array(length).fill(kind),
    device,
    stream,
    correlation: c.correlationId,
    sourceRow: sourceRows(read.rowid),
    ...more,
  }
  return { length, columns, process, bad }
}

/** Whether row i ran where the row before it ran. */
const isSameLane = (c: Common, process: Uint32Array, i: number): boolean =>
  process[i] === process[i - 1] &&
  c.streamId?.[i] === c.streamId?.[i - 1] &&
  c.deviceId?.[i] === c.deviceId?.[i - 1] &&
  c.contextId?.[i] === c.contextId?.[i - 1] &&
  c.greenContextId?.[i] === c.greenContextId?.[i - 1]

/** Rows to leave out, counted through all parts. */
function badRows(parts: readonly Part[]): Uint32Array {
  const bad: number[] = []
  let before = 0
  for (const one of parts) {
    for (const row of one.bad) bad.push(before + row)
    before += one.length
  }
  return Uint32Array.from(bad)
}

/**
 * start = end = 0 says that an op's times were not collected. On nsys' own axis it stays at 0; where the others are
 * epoch-sized, 0 is off the axis (NaN here), and such ops stand at the table's first time with length 0.
 */
function placeUncollected(state: ImportState, table: string, start: Float64Array, end: Float64Array): void {
  let first = Infinity
  let count = 0
  for (let i = 0; i < start.length; i++) {
    if (start[i]! < first && start[i] !== 0) first = start[i]!
    if (
      start[i] === 0 ? end[i] === 0 : Number.isNaN(start[i]!) && Number.isNaN(end[i]!) && state.isEpochSized
    )
      count++
  }
  if (count === 0) return
  state.warnings.push(
    `${count} rows of ${table} have no times (start = end = 0): they count, but stand nowhere on the time axis.`,
  )
  if (!state.isEpochSized || first === Infinity) return
  for (let i = 0; i < start.length; i++)
    if (Number.isNaN(start[i]!) && Number.isNaN(end[i]!)) start[i] = end[i] = first
}

const told = (value: number | undefined): number => (value === undefined || value === NONE ? 0 : value)

function kernels(state: ImportState): Part {
  const [table, wanted] = KERNELS
  const read = state.read(table, wanted)
  const c = read.columns
  const ids = state.names.firstKnown([c.demangledName, c.shortName, c.mangledName], read.length)
  return part(state, table, read, DeviceOpKind.kernel, {
    name: state.names.namesOf(ids, 0),
    shortName: c.shortName && state.names.namesOf(c.shortName),
    mangledName: c.mangledName && state.names.namesOf(c.mangledName),
    registers: c.registersPerThread,
    gridX: c.gridX,
    gridY: c.gridY,
    gridZ: c.gridZ,
    blockX: c.blockX,
    blockY: c.blockY,
    blockZ: c.blockZ,
    staticShared: c.staticSharedMemory,
    dynamicShared: c.dynamicSharedMemory,
    localPerThread: c.localMemoryPerThread,
    sharedExecuted: c.sharedMemoryExecuted,
    graphNode: c.graphNodeId,
    graphId: c.graphId,
  })
}

function copies(state: ImportState): Part {
  const table = 'CUPTI_ACTIVITY_KIND_MEMCPY'
  const read = state.read(table, MEMCPY)
  const c = read.columns
  const byKind = COPY_KINDS.map((_, kind) => state.pool.intern(copyName(kind)))
  const name = new Uint32Array(read.length)
  for (let i = 0; i < read.length; i++) {
    const kind = c.copyKind?.[i] ?? NONE_U8
    name[i] = byKind[kind] ?? state.pool.intern(copyName(kind))
  }
  return part(state, table, read, DeviceOpKind.copy, {
    name,
    bytes: c.bytes,
    copyKind: c.copyKind,
    srcKind: c.srcKind,
    dstKind: c.dstKind,
    srcDevice: c.srcDeviceId,
    dstDevice: c.dstDeviceId,
    graphNode: c.graphNodeId,
  })
}

function sets(state: ImportState): Part {
  const table = 'CUPTI_ACTIVITY_KIND_MEMSET'
  const read = state.read(table, MEMSET)
  const c = read.columns
  return part(state, table, read, DeviceOpKind.set, {
    name: new Uint32Array(read.length).fill(state.pool.intern('[CUDA memset]')),
    bytes: c.bytes,
    memoryKind: c.memKind,
    graphNode: c.graphNodeId,
  })
}

function graphs(state: ImportState): Part {
  const table = 'CUPTI_ACTIVITY_KIND_GRAPH_TRACE'
  const read = state.read(table, GRAPH)
  const c = read.columns
  const name = new Uint32Array(read.length)
  for (let i = 0; i < read.length; i++) name[i] = state.pool.intern(graphName(c.graphId?.[i] ?? NONE))
  return part(state, table, read, DeviceOpKind.graph, {
    name,
    graphId: c.graphId,
    graphExec: c.graphExecId,
  })
}

const graphName = (id: number): string => (id === NONE ? 'CUDA graph' : `CUDA graph ${id}`)

/**
 * The parts' rows in one order; a column that one part lacks is absent in its rows. `order` counts through all parts.
 *
 *   order [2, 0, 1] of rows a b | c  →  c a b:  row 2 goes to place 0, row 0 to 1, row 1 to 2
 */
function merged(parts: readonly Part[], order: Uint32Array, rows: number): DeviceOps {
  const place = new Uint32Array(rows).fill(NONE)
  for (let i = 0; i < order.length; i++) place[order[i]!] = i
  const { length } = order
  const merge = (type: ColumnType, of: (part: Part) => ColumnArray | undefined): ColumnArray | undefined => {
    if (isOptional(type) && parts.every((one) => of(one) === undefined)) return undefined
    const all = newArray(type, length)
    if (isOptional(type) && parts.some((one) => of(one) === undefined)) all.fill(sentinelOf(type) as never)
    let before = 0
    for (const one of parts) {
      const column = of(one)
      if (column !== undefined) scatter(column, place.subarray(before, before + one.length), all)
      before += one.length
    }
    return all
  }
  const columns: ColumnSet = {}
  for (const [name, type] of Object.entries(deviceOp.columns)) {
    columns[name] = merge(type, (one) => one.columns[name])
    // Each part's column is let go when it is merged: of ten million kernels both together would be two gigabytes.
    for (const one of parts) delete one.columns[name]
  }
  return { length, columns, process: merge('u32', (one) => one.process) as Uint32Array }
}
