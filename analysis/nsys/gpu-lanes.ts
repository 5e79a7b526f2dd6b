/**
 * What keeps a GPU busy for nsys' rules: per process and device number the kernels, copies and sets that start after time 0,
 * and the profiler's own overhead where it lies strictly inside the span of that work.
 */
import { NONE } from '../../trace/column.ts'
import { OverheadSource } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { groupRows } from '../groups.ts'
import { idColumn, rowsAmong, rowsWhere, taken } from '../rows.ts'
import { sourceZero } from './source-time.ts'
import { deviceOfOp, processOfOp, workRows } from './work-rows.ts'

const OVERHEADS = new Set([
  'CUDA profiling data flush overhead',
  'CUDA profiling stop overhead',
  'CUDA profiling overhead',
])

export interface GpuLane {
  readonly pid: number
  readonly device: number
  /** Context of the op that ends last: the one nsys prints for the lane as a whole. */
  readonly context: number
  readonly length: number
  /** Ascending. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** Row of device_op; NONE for overhead. */
  readonly op: Uint32Array
}

interface Span {
  start: number
  end: number
}

export const gpuLanes = derived((trace): GpuLane[] => {
  const { device_op: ops, stream, process } = trace
  const zero = sourceZero(trace)
  const work = rowsAmong(workRows(trace), (op) => ops.start[op]! > zero)
  const streams = taken(ops.stream, work)
  const pids = idColumn(stream.length, (row) => process.pid[stream.process[row]!]!)
  const groups = groupRows(work.length, [taken(pids, streams), taken(stream.deviceOrdinal, streams)])
  return Array.from(groups.first, (_, group) =>
    laneOf(
      trace,
      taken(
        work,
        rowsWhere(work.length, (i) => groups.of[i] === group),
      ),
    ),
  )
})

function laneOf(trace: Trace, ops: Uint32Array): GpuLane {
  const { device_op, stream, process } = trace
  const last = lastToEnd(trace, ops)
  const endOf = (op: number): number => device_op.start[op]! + device_op.duration[op]!
  const pid = process.pid[processOfOp(trace, last)]!
  const overheads = overheadsOf(trace, pid, device_op.start[ops[0]!]!, endOf(last))
  const length = ops.length + overheads.length
  const lane = {
    pid,
    device: deviceOfOp(trace, last),
    context: stream.context[device_op.stream[last]!]!,
    length,
    start: new Float64Array(length),
    end: new Float64Array(length),
    op: new Uint32Array(length).fill(NONE),
  }
  // Both lists ascend: merge them.
  let next = 0
  for (let i = 0, k = 0; i < length; i++) {
    const overhead = overheads[next]
    if (overhead !== undefined && (k === ops.length || overhead.start < device_op.start[ops[k]!]!)) {
      lane.start[i] = overhead.start
      lane.end[i] = overhead.end
      next++
    } else {
      const op = ops[k++]!
      lane.start[i] = device_op.start[op]!
      lane.end[i] = endOf(op)
      lane.op[i] = op
    }
  }
  return lane
}

/** The op that ends last; of those that end together the one nsys comes upon first. */
function lastToEnd(trace: Trace, ops: Uint32Array): number {
  const { start, duration } = trace.device_op
  let last = NONE
  let until = -Infinity
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i]!
    const end = start[op]! + duration[op]!
    if (end < until || (end === until && scanOrder(trace, op, last) >= 0)) continue
    last = op
    until = end
  }
  return last
}

/** Of two ops, which nsys comes upon first: kernels, then copies, then sets, in the file's order. */
export function scanOrder({ device_op: ops }: Trace, a: number, b: number): number {
  return ops.kind[a]! - ops.kind[b]! || ops.sourceRow[a]! - ops.sourceRow[b]!
}

function overheadsOf(trace: Trace, pid: number, first: number, last: number): Span[] {
  const { overhead, thread, process, strings } = trace
  const found: Span[] = []
  for (let i = 0; i < overhead.length; i++) {
    const name = overhead.name?.[i] ?? NONE
    const row = overhead.thread?.[i] ?? NONE
    if (overhead.source[i] !== OverheadSource.profiler || name === NONE || row === NONE) continue
    if (!OVERHEADS.has(strings[name]!) || process.pid[thread.process[row]!] !== pid) continue
    const start = overhead.start[i]!
    const end = start + overhead.duration[i]!
    if (start > first && end < last) found.push({ start, end })
  }
  return found
}
