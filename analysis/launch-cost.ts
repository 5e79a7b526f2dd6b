/**
 * What launching cost the host, call by call: raw, and without the time in which the call waited for a full launch queue,
 * loaded modules, or served the profiler.
 *
 *   cudaLaunchKernel   |------------------------------|      raw 30 µs
 *   overhead                 |=== queue full ===|            back-pressure 18 µs
 *   corrected          |-----|                  |-----|      12 µs
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { RowList } from './row-list.ts'
import { taken } from './rows.ts'
import { innermost } from './innermost.ts'
import type { Segments } from './innermost.ts'
import { isQueueFull } from './thread-activity.ts'

export interface LaunchCosts {
  /** Rows of the API calls that launched a kernel or a graph; each (process, correlation) once. */
  call: Uint32Array
  /** Its first op: later nodes of one graph launch wait for the earlier ones, which is no queueing. */
  firstOp: Uint32Array
  raw: Float64Array
  /** Raw without all overhead inside the call. */
  corrected: Float64Array
  /** Time inside the call in which the launch queue was full; undefined where no thread has any overhead of that kind. */
  backPressure: Float64Array | undefined
  /** From the call's end to the first op's start; NaN where the op began before the call returned. */
  queue: Float64Array
}

export const launchCosts = derived((trace): LaunchCosts => {
  const firstOf = firstOps(trace)
  const call = launchingCalls(firstOf)
  const firstOp = taken(firstOf, call)
  const raw = taken(trace.api_call.duration, call)
  const overhead = overheadInside(trace, call, () => true)
  return {
    call,
    firstOp,
    raw,
    corrected: overhead === undefined ? raw : difference(raw, overhead),
    backPressure: overheadInside(trace, call, (row) => isQueueFull(trace, row)),
    queue: queueTimes(trace, call, firstOp),
  }
})

/** The first kernel or graph that each API call launched; NONE where it launched none. */
function firstOps(trace: Trace): Uint32Array {
  const { launch, kind } = trace.device_op
  const firstOf = new Uint32Array(trace.api_call.length).fill(NONE)
  if (launch === undefined) return firstOf
  for (let op = 0; op < launch.length; op++) {
    const call = launch[op]!
    if (call === NONE || firstOf[call] !== NONE) continue
    if (kind[op] === DeviceOpKind.kernel || kind[op] === DeviceOpKind.graph) firstOf[call] = op
  }
  return firstOf
}

function launchingCalls(firstOf: Uint32Array): Uint32Array {
  const calls = new RowList(firstOf.length)
  for (let call = 0; call < firstOf.length; call++) if (firstOf[call] !== NONE) calls.add(call)
  return calls.finish()
}

function queueTimes(trace: Trace, calls: Uint32Array, firstOp: Uint32Array): Float64Array {
  const { start, duration } = trace.api_call
  const { start: opStart } = trace.device_op
  const queue = new Float64Array(calls.length)
  for (let i = 0; i < calls.length; i++) {
    const end = start[calls[i]!]! + duration[calls[i]!]!
    const wait = opStart[firstOp[i]!]! - end
    queue[i] = wait >= 0 ? wait : NaN
  }
  return queue
}

/** Time inside each call that its thread spent in some overhead rows; undefined where no thread has any. */
function overheadInside(
  trace: Trace,
  calls: Uint32Array,
  wanted: (row: number) => boolean,
): Float64Array | undefined {
  const byThread = overheadByThread(trace, wanted)
  if (byThread.every((segments) => segments === undefined)) return undefined
  const { start, duration, thread } = trace.api_call
  const inside = new Float64Array(calls.length)
  /** Where each thread's last question was answered: calls come in time order. */
  const near = new Uint32Array(byThread.length)
  for (let i = 0; i < calls.length; i++) {
    const call = calls[i]!
    const segments = byThread[thread[call]!]
    if (segments === undefined) continue
    const from = start[call]!
    const first = segments.firstEndingAfter(from, near[thread[call]!])
    near[thread[call]!] = first
    inside[i] = covered(segments, first, from, from + duration[call]!)
  }
  return inside
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!
  return result
}

/** Overhead rows of each thread as disjoint segments; undefined where it has none. */
function overheadByThread(trace: Trace, wanted: (row: number) => boolean): (Segments | undefined)[] {
  const { overhead } = trace
  const rows = Array.from({ length: trace.thread.length }, () => new RowList(0))
  for (let row = 0; row < overhead.length; row++) {
    const thread = overhead.thread?.[row] ?? NONE
    if (thread !== NONE && wanted(row)) rows[thread]!.add(row)
  }
  return rows.map((mine) => (mine.length === 0 ? undefined : innermost(overhead, mine.finish())))
}

/** Time of the segments, from the `first` on, that lies between two times. */
function covered(segments: Segments, first: number, from: number, to: number): number {
  let sum = 0
  for (let i = first; i < segments.length && segments.startOf(i) < to; i++)
    sum += Math.min(segments.endOf(i), to) - Math.max(segments.startOf(i), from)
  return sum
}
