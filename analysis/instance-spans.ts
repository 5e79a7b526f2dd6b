/**
 * Device spans of phase instances: from the start of the first op to the end of the last, out of the sets' spans.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { ns } from '../trace/units.ts'
import type { Ns } from '../trace/units.ts'
import { instanceSets } from './instance-sets.ts'
import { setSums } from './set-sums.ts'

/** What one instance took of one device. */
export interface DeviceSpan {
  device: number
  start: Ns
  end: Ns
}

/** Of each of some instances: its span on every device that worked for it, the one that began first before others. */
export function deviceSpans(trace: Trace, instances: readonly number[]): DeviceSpan[][] {
  const devices = trace.device.length
  const { first, member } = instanceSets(trace)
  const sets = setSums(trace)
  const placeOf = new Uint32Array(trace.range.length).fill(NONE)
  for (const [place, row] of instances.entries()) placeOf[row] = place
  const firstOp = new Uint32Array(instances.length * devices).fill(NONE)
  const end = new Float64Array(instances.length * devices).fill(-Infinity)
  for (let set = 0; set + 1 < first.length; set++)
    for (let i = first[set]!; i < first[set + 1]!; i++) {
      if (placeOf[member[i]!] === NONE) continue
      for (let device = 0; device < devices; device++) {
        const place = placeOf[member[i]!]! * devices + device
        firstOp[place] = Math.min(firstOp[place]!, sets.firstOp[set * devices + device]!)
        end[place] = Math.max(end[place]!, sets.end[set * devices + device]!)
      }
    }
  return instances.map((_, place) => {
    const of = place * devices
    const mine = [...firstOp.subarray(of, of + devices).entries()].filter(([, op]) => op !== NONE)
    return mine
      .sort(([, a], [, b]) => a - b)
      .map(([device, op]) => ({ device, start: ns(trace.device_op.start[op]!), end: ns(end[of + device]!) }))
  })
}

/** Length of the span of every instance over all devices, by range row; 0 where no device worked for it. */
export function spansOfInstances(trace: Trace): Float64Array {
  const devices = trace.device.length
  const { first, member } = instanceSets(trace)
  const sets = setSums(trace)
  const from = new Float64Array(trace.range.length).fill(Infinity)
  const to = new Float64Array(trace.range.length).fill(-Infinity)
  for (let set = 0; set + 1 < first.length; set++)
    for (let place = set * devices; place < (set + 1) * devices; place++) {
      if (sets.firstOp[place] === NONE) continue
      const start = trace.device_op.start[sets.firstOp[place]!]!
      const end = sets.end[place]!
      for (let i = first[set]!; i < first[set + 1]!; i++) {
        const row = member[i]!
        if (start < from[row]!) from[row] = start
        if (end > to[row]!) to[row] = end
      }
    }
  return to.map((end, row) => (end === -Infinity ? 0 : end - from[row]!))
}
