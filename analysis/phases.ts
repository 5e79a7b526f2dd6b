/**
 * Phases: for each path its CPU range time beside its device time, as busy (union), span and sum.
 * docs/analyses/phases.md says which is which and when they differ.
 */
import { NONE } from '../trace/column.ts'
import { UserError } from '../trace/errors.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { derived } from './derived.ts'
import { iterationAt, iterationsOf, warmOf } from './iterations.ts'
import { phaseSums } from './phase-sums.ts'
import type { RangeTest } from './phase-sums.ts'
import { hasDerivedPhases, withPhases } from './derived-phases.ts'
import { sourceOfPhases } from './phase-source.ts'
import type { PhaseSource } from './phase-source.ts'
import { phaseTree } from './phase-tree.ts'
import { blockingSyncs } from './blocking-syncs.ts'
import type { BlockingSync } from './blocking-syncs.ts'

export interface PhaseRow {
  path: string
  /** What tells of it; what no range does stands in parentheses. */
  source: PhaseSource
  depth: number
  /** Instances. */
  count: number
  /** Σ of the ranges on the CPU. Not device time: a range may wait for another phase's work, or end before its own runs. */
  cpuRangeNs: number
  /** Union of the intervals of its device ops, per device, over all instances; several devices add up. */
  gpuBusyNs: number
  /** Σ over instances of first op's start to last op's end, over all devices: what nsys calls Total Proj Time. */
  gpuSpanNs: number
  /** Σ of op durations. */
  gpuSumNs: number
  /** Kernels (or a runtime's nodes). */
  kernels: number
  /** All device ops. */
  ops: number
  /** Idle device time that ended with one of its ops; of one iteration that inside its device spans. */
  gpuIdleNs: number
  /** Host time of its launches, without back-pressure and overhead. */
  launchNs: number
  /** Blocking syncs inside its ranges, and how long they waited. */
  syncs: number
  syncNs: number
  /** Whose device work they waited for, most first. */
  waitedFor: { phase: string; ns: number }[]
}

export const phases = analysis({
  id: 'phases',
  title: 'Phases',
  about: 'Each named phase: CPU range time beside device time (busy, span, sum), over all its instances.',
  needs: [],
  derivable: { range: hasDerivedPhases },
  parameters: {
    iterations: {
      type: 'text',
      about: '"all" (default) or "warm": leave out the first iteration if it was warm-up',
    },
    iteration: { type: 'count', about: 'index of an iteration: instances that begin in its CPU range' },
  },
  compute: (recorded, choice): { phases: PhaseRow[] } => {
    const trace = withPhases(recorded, 'Phases')
    return { phases: phaseRows(trace, chosen(trace, choice)) }
  },
  tables: (result) => [
    {
      title: 'Phases',
      columns: [
        { key: 'path', title: 'Phase' },
        { key: 'count', title: 'Instances', unit: 'count' },
        { key: 'cpuRangeNs', title: 'CPU range', unit: 'ns' },
        { key: 'gpuBusyNs', title: 'GPU busy', unit: 'ns' },
        { key: 'gpuSpanNs', title: 'GPU span', unit: 'ns' },
        { key: 'gpuSumNs', title: 'GPU sum', unit: 'ns' },
        { key: 'kernels', title: 'Kernels', unit: 'count' },
        { key: 'launchNs', title: 'Launching', unit: 'ns' },
        { key: 'gpuIdleNs', title: 'Idle before its work', unit: 'ns' },
        { key: 'syncNs', title: 'Waited in syncs', unit: 'ns' },
        { key: 'waitedForPhase', title: 'Mostly for the work of' },
        { key: 'source', title: 'Told by' },
      ],
      rows: result.phases.map(({ depth: _depth, ops: _ops, syncs: _syncs, waitedFor, ...row }) => ({
        ...row,
        waitedForPhase: waitedFor[0]?.phase ?? null,
      })),
    },
  ],
})

function chosen(
  trace: Trace,
  { iterations, iteration }: { iterations?: string; iteration?: number },
): RangeTest {
  if (iteration !== undefined && iterations !== undefined)
    throw new UserError('bad-request', 'choose one iteration, or all or the warm ones, not both')
  if (iteration !== undefined) return inIteration(trace, iteration)
  return iterations === 'warm' ? warmOnly(trace) : everyRange
}

const everyRange: RangeTest = () => true

/** Rows of ranges that begin in the CPU range of an iteration, on any thread of its process. Throws where there is none such. */
export function inIteration(trace: Trace, index: number): RangeTest {
  const { range, cpuStart, cpuDuration } = iterationAt(trace, index)
  const known = knownTests(trace)
  const { start, thread } = trace.range
  const processOf = trace.thread.process
  const process = processOf[thread[range]!]
  const end = cpuStart + cpuDuration
  const isInside = (row: number): boolean =>
    start[row]! >= cpuStart && start[row]! < end && processOf[thread[row]!] === process
  return (known[index] ??= Object.assign(isInside, { iteration: index }))
}

/** One test an iteration: rows are kept by their test. */
const knownTests = derived((): RangeTest[] => [])

/** Rows of ranges that lie in a warm iteration, or outside all iterations. */
export const warmOnly = derived((trace): RangeTest => {
  const iterations = iterationsOf(trace)
  const cold = warmOf(iterations).length < iterations.all.length ? iterations.all[0] : undefined
  if (cold === undefined) return everyRange
  const end = cold.cpuStart + cold.cpuDuration
  const { start, thread } = trace.range
  return (row) => thread[row] !== thread[cold.range] || start[row]! < cold.cpuStart || start[row]! >= end
})

/** One row a path, in order of first appearance, parents before children. */
export function phaseRows(trace: Trace, wanted: RangeTest): PhaseRow[] {
  const known = knownRows(trace)
  let rows = known.get(wanted)
  if (rows === undefined) known.set(wanted, (rows = measuredRows(trace, wanted)))
  return rows
}

/** Several analyses ask for the same rows. */
const knownRows = derived(() => new WeakMap<RangeTest, PhaseRow[]>())

function measuredRows(trace: Trace, wanted: RangeTest): PhaseRow[] {
  const tree = phaseTree(trace)
  const sums = phaseSums(trace, wanted)
  const waits = waitsByPhase(trace, wanted)
  const sources = sourceOfPhases(trace)
  const rows: PhaseRow[] = []
  for (const [phase, path] of tree.paths.entries())
    if (sums.count[phase]! > 0)
      rows.push({
        path,
        source: sources[phase]!,
        depth: depthOf(tree.parentOf, phase),
        count: sums.count[phase]!,
        cpuRangeNs: sums.cpuRangeNs[phase]!,
        gpuBusyNs: sums.gpuBusyNs[phase]!,
        gpuSpanNs: sums.gpuSpanNs[phase]!,
        gpuSumNs: sums.gpuSumNs[phase]!,
        kernels: sums.kernels[phase]!,
        ops: sums.ops[phase]!,
        gpuIdleNs: sums.gpuIdleNs[phase]!,
        launchNs: sums.launchNs[phase]!,
        ...waited(trace, waits.get(phase) ?? []),
      })
  return rows
}

/** Blocking syncs of each phase and of all phases around it. */
function waitsByPhase(trace: Trace, wanted: (range: number) => boolean): Map<number, BlockingSync[]> {
  const { parentOf } = phaseTree(trace)
  const waits = new Map<number, BlockingSync[]>()
  for (const sync of blockingSyncs(trace)) {
    const range = trace.api_call.range?.[sync.call] ?? NONE
    if (range === NONE || !wanted(range)) continue
    for (let phase = sync.phase; phase !== 0; phase = parentOf[phase]!) {
      const known = waits.get(phase)
      if (known === undefined) waits.set(phase, [sync])
      else known.push(sync)
    }
  }
  return waits
}

function waited(trace: Trace, syncs: readonly BlockingSync[]) {
  const { paths } = phaseTree(trace)
  const byPhase = new Map<number, number>()
  for (const { waitedFor } of syncs)
    for (const [phase, time] of waitedFor) byPhase.set(phase, (byPhase.get(phase) ?? 0) + time)
  return {
    syncs: syncs.length,
    syncNs: syncs.reduce((sum, { call }) => sum + trace.api_call.duration[call]!, 0),
    waitedFor: [...byPhase]
      .map(([phase, time]) => ({ phase: paths[phase]!, ns: time }))
      .sort((a, b) => b.ns - a.ns),
  }
}

const depthOf = (parentOf: readonly number[], phase: number): number => {
  let depth = 0
  for (let p = parentOf[phase]!; p !== 0; p = parentOf[p]!) depth++
  return depth
}
