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
import { rowsWhere } from './rows.ts'
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
  const { device_op: ops, api_call: api, overhead } = trace
  const firstOf = new Uint32Array(api.length).fill(NONE)
  if (ops.launch !== undefined)
    for (let op = 0; op < ops.length; op++) {
      const call = ops.launch[op]!
      const kind = ops.kind[op]!
      if (
        call !== NONE &&
        (kind === DeviceOpKind.kernel || kind === DeviceOpKind.graph) &&
        firstOf[call] === NONE
      )
        firstOf[call] = op
    }
  const rows = rowsWhere(api.length, (call) => firstOf[call] !== NONE).slice()
  const n = rows.length
  const all = overheadByThread(trace, () => true)
  const full = overheadByThread(trace, (row) => isQueueFull(trace, row))
  const costs: LaunchCosts = {
    call: rows,
    firstOp: new Uint32Array(n),
    raw: new Float64Array(n),
    corrected: new Float64Array(n),
    backPressure: new Float64Array(n),
    queue: new Float64Array(n),
  }
  for (let i = 0; i < n; i++) {
    const call = rows[i]!
    const start = api.start[call]!
    const end = start + api.duration[call]!
    const thread = api.thread[call]!
    const op = firstOf[call]!
    costs.firstOp[i] = op
    costs.raw[i] = end - start
    costs.corrected[i] = end - start - (overhead.length === 0 ? 0 : covered(all[thread], start, end))
    costs.backPressure[i] = overhead.length === 0 ? 0 : covered(full[thread], start, end)
    costs.queue[i] = ops.start[op]! >= end ? ops.start[op]! - end : NaN
  }
  return costs
})

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
