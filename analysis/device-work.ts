/**
 * What each device ran, in one look at all ops.
 */
import { DeviceOpKind } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'

/** One value a device row each. Ops of length zero count for nothing. */
export interface DeviceWork {
  ops: Float64Array
  /** Kernels and nodes. */
  kernels: Float64Array
  /** Σ of the ops' durations. */
  totalNs: Float64Array
  longestNs: Float64Array
}

export const deviceWork = derived((trace): DeviceWork => {
  const { device, duration, kind } = trace.device_op
  const make = (): Float64Array => new Float64Array(trace.device.length)
  const work = { ops: make(), kernels: make(), totalNs: make(), longestNs: make() }
  const { ops, kernels, totalNs, longestNs } = work
  for (let op = 0; op < device.length; op++) {
    const length = duration[op]!
    if (length <= 0) continue
    const of = device[op]!
    ops[of]!++
    if (kind[op] === DeviceOpKind.kernel || kind[op] === DeviceOpKind.node) kernels[of]!++
    totalNs[of]! += length
    if (length > longestNs[of]!) longestNs[of] = length
  }
  return work
})

/** Rows of ops with a positive length, by device, in start order. */
export const opsByDevice = derived((trace): readonly Uint32Array[] => {
  const { device, duration } = trace.device_op
  const rows = Array.from(deviceWork(trace).ops, (count) => new Uint32Array(count))
  const filled = new Uint32Array(rows.length)
  for (let op = 0; op < device.length; op++)
    if (duration[op]! > 0) rows[device[op]!]![filled[device[op]!]!++] = op
  return rows
})

/** The device with the most summed op time; undefined where none worked. */
export function busiest(trace: Trace): number | undefined {
  let best: number | undefined
  const { totalNs } = deviceWork(trace)
  for (const [row, sum] of totalNs.entries())
    if (sum > 0 && (best === undefined || sum > totalNs[best]!)) best = row
  return best
}
