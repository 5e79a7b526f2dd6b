/**
 * What each phase took on the CPU and on the devices, over all its instances or some of them.
 *
 * Sums are made by set of instances (set-sums.ts), then of the sets of each phase; all are whole numbers, so the order
 * changes nothing. Only the union of intervals needs the ops one by one.
 */
import type { Trace } from '../trace/trace.ts'
import { lastAtOrBefore } from './clip.ts'
import { instanceSets } from './instance-sets.ts'
import { spansOfInstances } from './instance-spans.ts'
import { iterationAt } from './iterations.ts'
import { BEFORE_FIRST, isIdle, ownerships } from './ownership.ts'
import { phaseTree } from './phase-tree.ts'
import { RowList } from './row-list.ts'
import { setSums } from './set-sums.ts'

/** Which instances count. */
export interface RangeTest {
  (range: number): boolean
  /** Those of one iteration alone: what lies before its device spans is no part of it. */
  iteration?: number
}

/** One value a phase each; what they mean stands at PhaseRow. */
export interface PhaseSums {
  count: Float64Array
  cpuRangeNs: Float64Array
  gpuBusyNs: Float64Array
  gpuSpanNs: Float64Array
  gpuSumNs: Float64Array
  kernels: Float64Array
  ops: Float64Array
  gpuIdleNs: Float64Array
  launchNs: Float64Array
}

export function phaseSums(trace: Trace, wanted: RangeTest): PhaseSums {
  const { paths, isInstance, phaseOfRange } = phaseTree(trace)
  const count = new Float64Array(paths.length)
  const cpuRangeNs = new Float64Array(paths.length)
  const gpuSpanNs = new Float64Array(paths.length)
  const spans = spansOfInstances(trace)
  const isWanted = new Uint8Array(isInstance.length)
  for (let row = 0; row < isInstance.length; row++) {
    if (isInstance[row] === 0 || !wanted(row)) continue
    isWanted[row] = 1
    count[phaseOfRange[row]!]!++
    cpuRangeNs[phaseOfRange[row]!]! += trace.range.duration[row]!
    gpuSpanNs[phaseOfRange[row]!]! += spans[row]!
  }
  const phases = phasesOfSets(trace, isWanted)
  const sums = setSums(trace)
  const rolledUp = (values: Float64Array): Float64Array => {
    const byPhase = new Float64Array(paths.length)
    for (let set = 0; set < values.length; set++)
      for (let i = phases.first[set]!; i < phases.first[set + 1]!; i++)
        byPhase[phases.phase[i]!]! += values[set]!
    return byPhase
  }
  const gpuIdleNs = rolledUp(sums.gpuIdleNs)
  if (wanted.iteration !== undefined)
    for (const { set, ns } of idleBefore(trace, wanted.iteration))
      for (let i = phases.first[set]!; i < phases.first[set + 1]!; i++) gpuIdleNs[phases.phase[i]!]! -= ns
  return {
    count,
    cpuRangeNs,
    gpuBusyNs: busyOfPhases(trace, phases),
    gpuSpanNs,
    gpuSumNs: rolledUp(sums.gpuSumNs),
    kernels: rolledUp(sums.kernels),
    ops: rolledUp(sums.ops),
    gpuIdleNs,
    launchNs: rolledUp(sums.launchNs),
  }
}

/** Idle time right before an iteration's span on each device, and the set of the op that ended it. */
function idleBefore(trace: Trace, iteration: number): { set: number; ns: number }[] {
  const { of } = instanceSets(trace)
  return iterationAt(trace, iteration).spans.flatMap((span) => {
    const ownership = ownerships(trace).find(({ device }) => device === span.device)
    if (ownership === undefined) return []
    const { start, owner, op } = ownership
    const at = lastAtOrBefore(start, span.start)
    let first = at
    while (first > 0 && isIdle(owner[first - 1]!) && owner[first - 1] !== BEFORE_FIRST) first--
    return start[at] === span.start && first < at
      ? [{ set: of[op[at - 1]!]!, ns: span.start - start[first]! }]
      : []
  })
}

/** Phases of set s: phase[first[s]] … phase[first[s + 1] − 1], each once. */
interface PhasesOfSets {
  first: Uint32Array
  phase: Uint32Array
}

/** The phases of the wanted members of each set. Where ranges cross, two instances of one phase may be in a set. */
function phasesOfSets(trace: Trace, isWanted: Uint8Array): PhasesOfSets {
  const sets = instanceSets(trace)
  const { phaseOfRange } = phaseTree(trace)
  const first = new Uint32Array(sets.first.length)
  const phases = new RowList()
  for (let set = 0; set + 1 < first.length; set++) {
    for (let i = sets.first[set]!; i < sets.first[set + 1]!; i++) {
      if (isWanted[sets.member[i]!] === 0) continue
      const phase = phaseOfRange[sets.member[i]!]!
      let k = first[set]!
      while (k < phases.length && phases.rows[k] !== phase) k++
      if (k === phases.length) phases.add(phase)
    }
    first[set + 1] = phases.length
  }
  return { first, phase: phases.finish() }
}

/** Union of the intervals of each phase's ops, device by device: one sweep in the order of their starts. */
function busyOfPhases(trace: Trace, { first, phase }: PhasesOfSets): Float64Array {
  const { start: starts, duration, device } = trace.device_op
  const { of } = instanceSets(trace)
  const phases = phaseTree(trace).paths.length
  const busy = new Float64Array(phases)
  const busyUntil = new Float64Array(phases * trace.device.length).fill(-Infinity)
  for (let op = 0; op < of.length; op++) {
    const last = first[of[op]! + 1]!
    const start = starts[op]!
    const end = start + duration[op]!
    for (let i = first[of[op]!]!; i < last; i++) {
      const place = device[op]! * phases + phase[i]!
      const until = busyUntil[place]!
      if (end <= until) continue
      busy[phase[i]!]! += end - (start > until ? start : until)
      busyUntil[place] = end
    }
  }
  return busy
}
