/**
 * Phases: for each path its CPU range time beside its device time, as busy (union), span and sum.
 * docs/analyses/phases.md says which is which and when they differ.
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { idleBeforeOps, launchNsOfOps } from './costs-of-ops.ts'
import { derived } from './derived.ts'
import { iterationsOf, warmOf } from './iterations.ts'
import { phaseTree } from './phase-tree.ts'
import { addOpsOfRange, RowList } from './projection.ts'
import { ascendingRows } from './rows.ts'
import { blockingSyncs } from './syncs.ts'
import type { BlockingSync } from './syncs.ts'

export interface PhaseRow {
  path: string
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
  /** Idle device time that ended with one of its ops. */
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
  needs: ['range'],
  parameters: {
    iterations: {
      type: 'text',
      about: '"all" (default) or "warm": leave out the first iteration if it was warm-up',
    },
  },
  compute: (trace, { iterations }): { phases: PhaseRow[] } => ({
    phases: phaseRows(trace, iterations === 'warm' ? warmOnly(trace) : everyRange),
  }),
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
        { key: 'waitedForPhase', title: 'for the work of' },
      ],
      rows: result.phases.map(({ depth: _depth, ops: _ops, syncs: _syncs, waitedFor, ...row }) => ({
        ...row,
        waitedForPhase: waitedFor[0]?.phase ?? null,
      })),
    },
  ],
})

type RangeTest = (range: number) => boolean
const everyRange: RangeTest = () => true

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
  const instances: number[][] = tree.paths.map(() => [])
  for (let row = 0; row < trace.range.length; row++)
    if (tree.isInstance[row] === 1 && wanted(row)) instances[tree.phaseOfRange[row]!]!.push(row)
  const waits = waitsByPhase(trace, wanted)
  const rows: PhaseRow[] = []
  for (const [phase, ranges] of instances.entries())
    if (phase > 0 && ranges.length > 0)
      rows.push({
        path: tree.paths[phase]!,
        depth: depthOf(tree.parentOf, phase),
        ...measure(trace, ranges),
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

function measure(trace: Trace, ranges: readonly number[]) {
  const { duration } = trace.range
  let cpuRangeNs = 0
  let gpuSpanNs = 0
  const found = new RowList()
  for (const row of ranges) {
    cpuRangeNs += duration[row]!
    const before = found.length
    addOpsOfRange(trace, row, found)
    gpuSpanNs += spanOf(trace.device_op, found.rows, before, found.length)
  }
  const { gpuBusyNs, ...sums } = sumsOf(trace, ascendingRows(found.rows.subarray(0, found.length)))
  return { count: ranges.length, cpuRangeNs, gpuBusyNs, gpuSpanNs, ...sums }
}

/** From the first start to the last end of rows[from … to − 1]; 0 of none. */
function spanOf(
  { start, duration }: Trace['device_op'],
  rows: Uint32Array,
  from: number,
  to: number,
): number {
  let first = Infinity
  let last = -Infinity
  for (let i = from; i < to; i++) {
    const at = start[rows[i]!]!
    const end = at + duration[rows[i]!]!
    if (at < first) first = at
    if (end > last) last = end
  }
  return to > from ? last - first : 0
}

function sumsOf(trace: Trace, rows: Uint32Array) {
  const { start, duration, kind, device } = trace.device_op
  let gpuSumNs = 0
  let gpuBusyNs = 0
  let kernels = 0
  let gpuIdleNs = 0
  let launchNs = 0
  const busyUntil = new Float64Array(trace.device.length).fill(-Infinity)
  const idleBefore = idleBeforeOps(trace)
  const { corrected } = launchNsOfOps(trace)
  for (let i = 0; i < rows.length; i++) {
    const op = rows[i]!
    gpuIdleNs += idleBefore[op]!
    launchNs += corrected[op]!
    gpuSumNs += duration[op]!
    if (kind[op] === DeviceOpKind.kernel || kind[op] === DeviceOpKind.node) kernels++
    const end = start[op]! + duration[op]!
    const until = busyUntil[device[op]!]!
    if (end <= until) continue
    gpuBusyNs += end - (start[op]! > until ? start[op]! : until)
    busyUntil[device[op]!] = end
  }
  return { gpuBusyNs, gpuSumNs, kernels, ops: rows.length, gpuIdleNs, launchNs }
}
