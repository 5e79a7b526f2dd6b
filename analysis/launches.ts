/**
 * Launch overhead, honestly: what launching cost the host, how long launched work waited, and whether the device ever
 * idled for it. Only that last question decides if a run is launch-bound.
 */
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { OverheadSource } from '../trace/tables.ts'
import { analysis } from './analysis.ts'
import { busiest, iterationsOf } from './iterations.ts'
import { launchCosts } from './launch-cost.ts'
import type { LaunchCosts } from './launch-cost.ts'
import { deviceLedger } from './ledger.ts'
import { ownerships } from './ownership.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { quantileOfUnsorted, twoQuantilesOfUnsorted } from './quantiles.ts'
import { idColumn, rowsWhere } from './rows.ts'
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
  const { api_call: api, device_op: ops, strings } = trace
  const phases = phaseOfOps(trace)
  const { paths } = phaseTree(trace)
  const group = (names: readonly string[], nameOf: (launch: number) => number): LaunchGroup[] =>
    grouped(costs, chosen, names, nameOf)
  const byCall = group(strings, (i) => api.name[costs.call[i]!]!)
  const total = byCall.length === 1 ? { ...byCall[0]!, name: 'all' } : groupOf('all', costs, chosen)
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
    byCall,
    byPhase: group(paths, (i) => phases[costs.firstOp[i]!]!),
    byKernel: group(strings, (i) => ops.name[costs.firstOp[i]!]!),
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
    const ops = iterationsOf(trace).all[choice.iteration]?.ops ?? new Uint32Array(0)
    for (let i = 0; i < ops.length; i++) isInside[ops[i]!] = 1
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
  return all((i) => {
    const start = trace.api_call.start[costs.call[i]!]!
    return start >= from && start < to
  })
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

/** By name, the greatest raw cost first; `nameOf` gives a launch's index into `names`, of which no two are alike. */
function grouped(
  costs: LaunchCosts,
  chosen: Uint32Array,
  names: readonly string[],
  nameOf: (launch: number) => number,
): LaunchGroup[] {
  const ids = idColumn(chosen.length, (i) => nameOf(chosen[i]!))
  const counts = new Uint32Array(names.length)
  // In order of first appearance, which stays that of groups of equal cost.
  const found: number[] = []
  for (let i = 0; i < ids.length; i++) if (counts[ids[i]!]!++ === 0) found.push(ids[i]!)
  const at = new Uint32Array(names.length)
  let all = 0
  for (const id of found) {
    at[id] = all
    all += counts[id]!
  }
  const rows = new Uint32Array(ids.length)
  for (let i = 0; i < ids.length; i++) rows[at[ids[i]!]!++] = chosen[i]!
  return found
    .map((id) => groupOf(names[id]!, costs, rows.subarray(at[id]! - counts[id]!, at[id]!)))
    .sort((a, b) => b.rawNs - a.rawNs)
}

function groupOf(name: string, costs: LaunchCosts, mine: Uint32Array): LaunchGroup {
  const raw = new Float64Array(mine.length)
  const queues = new Float64Array(mine.length)
  let queued = 0
  let rawNs = 0
  let correctedNs = 0
  let backPressureNs = 0
  let maxNs = 0
  for (let i = 0; i < mine.length; i++) {
    const one = mine[i]!
    const cost = costs.raw[one]!
    raw[i] = cost
    rawNs += cost
    if (cost > maxNs) maxNs = cost
    correctedNs += costs.corrected[one]!
    backPressureNs += costs.backPressure[one]!
    // NaN where the op began before the call returned.
    if (costs.queue[one]! >= 0) queues[queued++] = costs.queue[one]!
  }
  const [medianNs, p95Ns] = twoQuantilesOfUnsorted(raw, 0.5, 0.95)
  const queue = quantileOfUnsorted(queues.subarray(0, queued), 0.5)
  return {
    name,
    launches: mine.length,
    rawNs,
    correctedNs,
    backPressureNs,
    medianNs: orZero(medianNs),
    p95Ns: orZero(p95Ns),
    maxNs,
    queueMedianNs: Number.isNaN(queue) ? null : queue,
  }
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value)
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(whole, 1)).toFixed(2)} %`
