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
import { firstEndingAfter, flatten, isQueueFull } from './thread-activity.ts'
import type { Segments } from './thread-activity.ts'

export interface LaunchCosts {
  /** Rows of the API calls that launched a kernel or a graph; each (process, correlation) once. */
  call: Uint32Array
  /** Its first op: later nodes of one graph launch wait for the earlier ones, which is no queueing. */
  firstOp: Uint32Array
  raw: Float64Array
  /** Raw without all overhead inside the call. */
  corrected: Float64Array
  /** Time inside the call in which the launch queue was full. */
  backPressure: Float64Array
  /** From the call's end to the first op's start; NaN where the op began before the call returned. */
  queue: Float64Array
}

export const launchCosts = derived((trace): LaunchCosts => {
  const { start: opStart } = trace.device_op
  const { start: starts, duration, thread: threads } = trace.api_call
  const firstOf = firstOps(trace)
  let n = 0
  for (let call = 0; call < firstOf.length; call++) if (firstOf[call] !== NONE) n++
  const costs: LaunchCosts = {
    call: new Uint32Array(n),
    firstOp: new Uint32Array(n),
    raw: new Float64Array(n),
    corrected: new Float64Array(n),
    backPressure: new Float64Array(n),
    queue: new Float64Array(n),
  }
  const all = overheadByThread(trace, () => true)
  const full = overheadByThread(trace, (row) => isQueueFull(trace, row))
  let i = 0
  for (let call = 0; call < firstOf.length; call++) {
    const op = firstOf[call]!
    if (op === NONE) continue
    const start = starts[call]!
    const end = start + duration[call]!
    const thread = threads[call]!
    costs.call[i] = call
    costs.firstOp[i] = op
    costs.raw[i] = end - start
    costs.corrected[i] = end - start - covered(all[thread], start, end)
    costs.backPressure[i] = covered(full[thread], start, end)
    costs.queue[i] = opStart[op]! >= end ? opStart[op]! - end : NaN
    i++
  }
  return costs
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

/** Overhead rows of each thread as disjoint segments. */
function overheadByThread(trace: Trace, wanted: (row: number) => boolean): (Segments | undefined)[] {
  const { overhead } = trace
  const rows: number[][] = Array.from({ length: trace.thread.length }, () => [])
  for (let row = 0; row < overhead.length; row++) {
    const thread = overhead.thread?.[row] ?? NONE
    if (thread !== NONE && wanted(row)) rows[thread]!.push(row)
  }
  return rows.map((mine) => (mine.length === 0 ? undefined : flatten(overhead, Uint32Array.from(mine))))
}

function covered(segments: Segments | undefined, from: number, to: number): number {
  if (segments === undefined) return 0
  let sum = 0
  for (let i = firstEndingAfter(segments, from); i < segments.end.length && segments.start[i]! < to; i++)
    sum += Math.min(segments.end[i]!, to) - Math.max(segments.start[i]!, from)
  return sum
}
