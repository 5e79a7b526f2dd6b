/**
 * Launch overhead, honestly: what launching cost the host, how long launched work waited, and whether the device ever
 * idled for it. Only that last question decides if a run is launch-bound.
 */
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { OverheadSource } from '../trace/tables.ts'
import { analysis } from './analysis.ts'
import { groupRows } from './groups.ts'
import type { Groups } from './groups.ts'
import { busiest, iterationsOf } from './iterations.ts'
import { launchCosts } from './launch-cost.ts'
import type { LaunchCosts } from './launch-cost.ts'
import { deviceLedger } from './ledger.ts'
import { ownerships } from './ownership.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { quantileOfUnsorted, twoQuantilesOfUnsorted } from './quantiles.ts'
import { rowsWhere, taken } from './rows.ts'
import { WINDOW_PARAMETERS, windowsOn } from './windows.ts'
import type { WindowChoice } from './windows.ts'

export interface LaunchGroup {
  name: string
  launches: number
  /** Σ of the calls' durations. */
  rawNs: number
  /** Σ without back-pressure, loading and the profiler's own time. */
  correctedNs: number
  backPressureNs: number
  medianNs: number
  p95Ns: number
  maxNs: number
  /** Median wait from the call's end to the first op's start, over launches whose op began after it. */
  queueMedianNs: number | null
}

/** Idle shares above this make a window launch-bound. */
export const LAUNCH_BOUND_SHARE = 0.05

export const launches = analysis({
  id: 'launches',
  title: 'Launch overhead',
  about:
    'What launching kernels cost the host, raw and without back-pressure, and whether the device idled for it.',
  needs: ['api_call', 'device_op'],
  parameters: WINDOW_PARAMETERS,
  compute: launchAnswer,
  tables: (result) => [
    {
      title: `Launches: ${result.verdict}`,
      columns: GROUP_COLUMNS('API call'),
      rows: [{ ...result.total, name: 'all' }, ...result.byCall].map((row) => ({ ...row })),
    },
    { title: 'By phase', columns: GROUP_COLUMNS('Phase'), rows: result.byPhase.map((row) => ({ ...row })) },
    {
      title: 'By kernel',
      columns: GROUP_COLUMNS('First kernel of the launch'),
      rows: result.byKernel.map((row) => ({ ...row })),
    },
  ],
})

const GROUP_COLUMNS = (name: string) =>
  [
    { key: 'name', title: name },
    { key: 'launches', title: 'Launches', unit: 'count' },
    { key: 'rawNs', title: 'Host cost, raw', unit: 'ns' },
    { key: 'correctedNs', title: 'Without back-pressure', unit: 'ns' },
    { key: 'backPressureNs', title: 'Queue full', unit: 'ns' },
    { key: 'medianNs', title: 'Median', unit: 'ns' },
    { key: 'p95Ns', title: 'p95', unit: 'ns' },
    { key: 'maxNs', title: 'Max', unit: 'ns' },
    { key: 'queueMedianNs', title: 'Queue, median', unit: 'ns' },
  ] as const

function launchAnswer(trace: Trace, choice: WindowChoice) {
  const costs = launchCosts(trace)
  const chosen = chosenLaunches(trace, costs, choice)
  const { strings } = trace
  const calls = taken(costs.call, chosen)
  const firstOps = taken(costs.firstOp, chosen)
  const group = (names: readonly string[], ids: Uint32Array): LaunchGroup[] =>
    grouped(costs, chosen, names, ids)
  const total = groupOf('all', costs, chosen)
  const idle = idleForLaunches(trace, choice)
  const hasOverhead = trace.overhead.source.includes(OverheadSource.cuda)
  const bound = isLaunchBound(idle)
  return {
    total,
    idle,
    bound,
    verdict:
      idle === null
        ? 'unknown (no device op of positive length)'
        : bound
          ? `launch-bound: the device idled ${percent(idle.launchIdleNs, idle.wallNs)} of the time for the host`
          : `not launch-bound: the device idled ${percent(idle.launchIdleNs, idle.wallNs)} of the time for the host`,
    /** Without rows of CUDA's own overhead back-pressure cannot be told apart: then median × count is the fairer estimate. */
    correction: hasOverhead
      ? 'from the overhead rows of the export'
      : `unknown (${isRecorded(trace, 'overhead') ? 'no CUDA overhead rows were recorded' : 'no overhead table'}): time blocked on a full queue cannot be told apart; median × count is ${Math.round(total.medianNs * total.launches)} ns`,
    estimateNs: Math.round(total.medianNs * total.launches),
    byCall: group(strings, taken(trace.api_call.name, calls)),
    byPhase: group(phaseTree(trace).paths, taken(phaseOfOps(trace), firstOps)),
    byKernel: group(strings, taken(trace.device_op.name, firstOps)),
  }
}

/** All launches of a window together. */
export const launchTotal = (trace: Trace, choice: WindowChoice): LaunchGroup =>
  groupOf('all', launchCosts(trace), chosenLaunches(trace, launchCosts(trace), choice))
/** Whether the device idled for launches; null where it has no op of positive length. */
export const launchBound = (trace: Trace, choice: WindowChoice): boolean | null =>
  isLaunchBound(idleForLaunches(trace, choice))

const isLaunchBound = (idle: ReturnType<typeof idleForLaunches>): boolean | null =>
  idle === null ? null : idle.launchIdleNs > LAUNCH_BOUND_SHARE * idle.wallNs

/** Launches of an iteration or a phase: those whose first op belongs to it; of a window: those called in it. */
function chosenLaunches(trace: Trace, costs: LaunchCosts, choice: WindowChoice): Uint32Array {
  const all = (test: (launch: number) => boolean): Uint32Array => rowsWhere(costs.call.length, test)
  if (choice.iteration !== undefined) {
    const isInside = new Uint8Array(trace.device_op.length)
    for (const op of iterationsOf(trace).all[choice.iteration]?.ops ?? []) isInside[op] = 1
    return all((i) => isInside[costs.firstOp[i]!] === 1)
  }
  if (choice.phase !== undefined) {
    const inside = `${choice.phase}/`
    const isInside = phaseTree(trace).paths.map((path) => `${path}/`.startsWith(inside))
    const phases = phaseOfOps(trace)
    return all((i) => isInside[phases[costs.firstOp[i]!]!]!)
  }
  const from = choice.from ?? -Infinity
  const to = choice.to ?? Infinity
  const { start } = trace.api_call
  return all((i) => start[costs.call[i]!]! >= from && start[costs.call[i]!]! < to)
}

function idleForLaunches(trace: Trace, choice: WindowChoice) {
  const device = busiest(trace)
  const ownership = ownerships(trace).find((one) => one.device === device)
  if (ownership === undefined) return null
  const { owners, wallNs } = deviceLedger(trace, ownership, windowsOn(trace, ownership.device, choice))
  const of = (owner: string): number => owners.find((one) => one.owner === `idle/${owner}`)?.ns ?? 0
  const parts = {
    launchCallNs: of('launch-call'),
    submissionLatencyNs: of('submission-latency'),
    hostWorkNs: of('host-work'),
  }
  return {
    device: ownership.device,
    wallNs,
    ...parts,
    launchIdleNs: parts.launchCallNs + parts.submissionLatencyNs + parts.hostWorkNs,
  }
}

/** By name, the greatest raw cost first; `ids` are the chosen launches' indices into `names`, of which no two are alike. */
function grouped(
  costs: LaunchCosts,
  chosen: Uint32Array,
  names: readonly string[],
  ids: Uint32Array,
): LaunchGroup[] {
  const groups = groupRows(ids.length, [ids])
  return measuredGroups(costs, chosen, groups)
    .map((group, g) => ({ ...group, name: names[ids[groups.first[g]!]!]! }))
    .sort((a, b) => b.rawNs - a.rawNs)
}

/** The chosen launches as one group. */
const groupOf = (name: string, costs: LaunchCosts, chosen: Uint32Array): LaunchGroup => ({
  ...measuredGroups(costs, chosen, {
    count: 1,
    of: new Uint32Array(chosen.length),
    first: Uint32Array.of(0),
  })[0]!,
  name,
})

/** Sums, and order statistics over the values of each group laid side by side. */
function measuredGroups(costs: LaunchCosts, chosen: Uint32Array, { count, of }: Groups): LaunchGroup[] {
  const first = new Uint32Array(count + 1)
  for (let i = 0; i < of.length; i++) first[of[i]! + 1]!++
  for (let group = 0; group < count; group++) first[group + 1]! += first[group]!
  const found = Array.from({ length: count }, () => ({
    raw: 0,
    corrected: 0,
    backPressure: 0,
    max: 0,
    waits: 0,
  }))
  const raws = new Float64Array(chosen.length)
  const queues = new Float64Array(chosen.length)
  const at = first.slice()
  for (let i = 0; i < chosen.length; i++) {
    const group = of[i]!
    const sums = found[group]!
    const raw = costs.raw[chosen[i]!]!
    const queue = costs.queue[chosen[i]!]!
    sums.raw += raw
    sums.corrected += costs.corrected[chosen[i]!]!
    sums.backPressure += costs.backPressure[chosen[i]!]!
    if (raw > sums.max) sums.max = raw
    raws[at[group]!++] = raw
    if (!Number.isNaN(queue)) queues[first[group]! + sums.waits++] = queue
  }
  return found.map((sums, group) => {
    const from = first[group]!
    const mine = raws.subarray(from, first[group + 1]!)
    const [median, p95] = twoQuantilesOfUnsorted(mine, 0.5, 0.95)
    const queue = quantileOfUnsorted(queues.subarray(from, from + sums.waits), 0.5)
    return {
      name: '',
      launches: mine.length,
      rawNs: sums.raw,
      correctedNs: sums.corrected,
      backPressureNs: sums.backPressure,
      medianNs: orZero(median),
      p95Ns: orZero(p95),
      maxNs: sums.max,
      queueMedianNs: Number.isNaN(queue) ? null : queue,
    }
  })
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value)
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(whole, 1)).toFixed(2)} %`
