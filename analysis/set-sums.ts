/**
 * Sums over the ops of each set of phase instances: of these few sums follow those of every instance and every phase.
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { instanceSets } from './instance-sets.ts'
import { launchCosts } from './launch-cost.ts'
import { BEFORE_FIRST, isIdle, ownerships } from './ownership.ts'

/** One value a set each. */
export interface SetSums {
  ops: Float64Array
  /** Kernels and nodes. */
  kernels: Float64Array
  gpuSumNs: Float64Array
  /** The first op and the last end on device d, at set × devices + d; NONE and −Infinity where it has none. */
  firstOp: Uint32Array
  end: Float64Array
  /** Idle time that ended with one of its ops; what lies before a device's first op is not counted. */
  gpuIdleNs: Float64Array
  /** Host time of its launches, without back-pressure and overhead. */
  launchNs: Float64Array
}

export const setSums = derived((trace): SetSums => ({
  ...opSums(trace),
  gpuIdleNs: idleSums(trace),
  launchNs: launchSums(trace),
}))

function opSums(trace: Trace) {
  const { of, first } = instanceSets(trace)
  const { start, duration, kind, device } = trace.device_op
  const sets = first.length - 1
  const devices = trace.device.length
  const ops = new Float64Array(sets)
  const kernels = new Float64Array(sets)
  const gpuSumNs = new Float64Array(sets)
  const firstOp = new Uint32Array(sets * devices).fill(NONE)
  const end = new Float64Array(sets * devices).fill(-Infinity)
  for (let op = 0; op < of.length; op++) {
    const set = of[op]!
    const length = duration[op]!
    ops[set]!++
    if (kind[op] === DeviceOpKind.kernel || kind[op] === DeviceOpKind.node) kernels[set]!++
    gpuSumNs[set]! += length
    const place = set * devices + device[op]!
    if (firstOp[place] === NONE) firstOp[place] = op
    if (start[op]! + length > end[place]!) end[place] = start[op]! + length
  }
  return { ops, kernels, gpuSumNs, firstOp, end }
}

function idleSums(trace: Trace): Float64Array {
  const { of, first } = instanceSets(trace)
  const idle = new Float64Array(first.length - 1)
  for (const { start, owner, op, end } of ownerships(trace))
    for (let i = 0; i < start.length; i++) {
      if (!isIdle(owner[i]!) || owner[i] === BEFORE_FIRST || op[i] === NONE) continue
      idle[of[op[i]!]!]! += (i + 1 < start.length ? start[i + 1]! : end) - start[i]!
    }
  return idle
}

function launchSums(trace: Trace): Float64Array {
  const { of, first } = instanceSets(trace)
  const { firstOp, corrected } = launchCosts(trace)
  const launch = new Float64Array(first.length - 1)
  for (let i = 0; i < firstOp.length; i++) launch[of[firstOp[i]!]!]! += corrected[i]!
  return launch
}

/** What the sets of each instance sum to, by range row: values[set] over all sets that the instance is in. */
export function sumsOfInstances(trace: Trace, values: Float64Array): Float64Array {
  const { first, member } = instanceSets(trace)
  const sums = new Float64Array(trace.range.length)
  for (let set = 0; set < values.length; set++)
    for (let i = first[set]!; i < first[set + 1]!; i++) sums[member[i]!]! += values[set]!
  return sums
}
