/**
 * Launch overhead, honestly: what launching cost the host, how long launched work waited, and whether the device ever
 * idled for it. Only that last question decides if a run is launch-bound.
 */
import { formatNs } from '../trace/number-format.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { OverheadSource } from '../trace/tables.ts'
import { analysis } from './analysis.ts'
import { idleForLaunches, isLaunchBound, launchVerdict } from './launch-bound.ts'
import { launchCosts } from './launch-cost.ts'
import type { LaunchCosts } from './launch-cost.ts'
import { bucketsOf, launchGroups, together } from './launch-groups.ts'
import type { LaunchGroup } from './launch-groups.ts'
import { opsInWindow } from './ops-in-window.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { rowsWhere, taken } from './rows.ts'
import { WINDOW_PARAMETERS } from './windows.ts'
import type { WindowChoice } from './windows.ts'

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
      rows: [{ ...result.total, name: 'all' }, ...result.byCall].map(told(result)),
    },
    {
      title: 'How far the own cost can be told',
      columns: [{ key: 'what', title: 'What', unit: 'prose' }],
      rows: [{ what: result.correction }],
    },
    { title: 'By phase', columns: GROUP_COLUMNS('Phase'), rows: result.byPhase.map(told(result)) },
    {
      title: 'By kernel',
      columns: GROUP_COLUMNS('First kernel of the launch'),
      rows: result.byKernel.map(told(result)),
    },
  ],
})

/** A row without what was not recorded: time in a full queue, and with it the call's own cost. */
const told =
  ({ isCorrected: isTold }: { isCorrected: boolean }) =>
  (row: LaunchGroup) =>
    isTold ? { ...row } : { ...row, backPressureNs: null, correctedNs: null }

const GROUP_COLUMNS = (name: string) =>
  [
    { key: 'name', title: name },
    { key: 'launches', title: 'Launches', unit: 'count' },
    { key: 'rawNs', title: 'Host cost, raw', unit: 'ns' },
    { key: 'backPressureNs', title: 'Queue full', unit: 'ns' },
    { key: 'overheadNs', title: 'Loading, profiler', unit: 'ns' },
    { key: 'correctedNs', title: 'Own cost', unit: 'ns' },
    { key: 'estimateNs', title: 'Median × count', unit: 'ns' },
    { key: 'medianNs', title: 'Median', unit: 'ns' },
    { key: 'p95Ns', title: 'p95', unit: 'ns' },
    { key: 'maxNs', title: 'Max', unit: 'ns' },
    { key: 'queueMedianNs', title: 'Queue, median', unit: 'ns' },
  ] as const

function launchAnswer(trace: Trace, choice: WindowChoice) {
  const costs = chosenLaunches(trace, choice)
  const buckets = bucketsOf(costs)
  const group = (names: readonly string[], column: Uint32Array, rows: Uint32Array): LaunchGroup[] =>
    launchGroups(costs, buckets, names, column, rows)
  const byCall = group(trace.strings, trace.api_call.name, costs.call)
  const total = byCall.length === 1 ? { ...byCall[0]!, name: 'all' } : together(costs, buckets)
  const idle = idleForLaunches(trace, choice)
  const bound = isLaunchBound(idle, total.launches)
  return {
    total,
    idle,
    bound,
    verdict: launchVerdict(trace, choice, idle, total.launches, bound),
    /** Whether rows tell of full queues: without them nothing could be taken out of the raw cost but the profiler's own time. */
    isCorrected: isCorrected(trace),
    correction: correctionOf(trace, total),
    byCall,
    byPhase: group(phaseTree(trace).paths, phaseOfOps(trace), costs.firstOp),
    byKernel: group(trace.strings, trace.device_op.name, costs.firstOp),
  }
}

export type LaunchSums = Pick<
  LaunchGroup,
  'launches' | 'rawNs' | 'backPressureNs' | 'overheadNs' | 'correctedNs'
>

/** All launches of a window together, without what needs them in order. */
export function launchSums(trace: Trace, choice: WindowChoice): LaunchSums {
  const { raw, corrected, backPressure } = chosenLaunches(trace, choice)
  const rawNs = sumOf(raw)
  const correctedNs = corrected === raw ? rawNs : sumOf(corrected)
  const backPressureNs = backPressure === undefined ? 0 : sumOf(backPressure)
  const overheadNs = rawNs - backPressureNs - correctedNs
  return { launches: raw.length, rawNs, backPressureNs, overheadNs, correctedNs }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

const isCorrected = ({ overhead }: Trace): boolean => overhead.source.includes(OverheadSource.cuda)

/**
 * What the own cost is without, and what it cannot be told from. Where no row says that the queue was full, median × count
 * is the fairer estimate: the few calls that waited are in no median.
 */
function correctionOf(trace: Trace, { medianNs, launches: count, estimateNs }: LaunchGroup): string {
  const { source } = trace.overhead
  if (isCorrected(trace))
    return 'Own cost is raw cost without the time that overhead rows cover: a full launch queue, loading, the profiler’s own.'
  const why = isRecorded(trace, 'overhead')
    ? 'no CUDA overhead rows were recorded'
    : 'the capture has no overhead table'
  const out = source.includes(OverheadSource.profiler) ? 'Only the profiler’s own time' : 'Nothing'
  const text = `${out} is taken out of the raw cost: ${why}, so time blocked on a full launch queue, or in loading, cannot be told apart.`
  return count === 0
    ? text
    : `${text} Median × count is ${formatNs(medianNs)} × ${count.toLocaleString('en')} = ${formatNs(estimateNs)}.`
}

/** Launches of an iteration or a phase: those whose first op belongs to it; of a window: those called in it. */
function chosenLaunches(trace: Trace, choice: WindowChoice): LaunchCosts {
  const costs = launchCosts(trace)
  const { iteration, phase, from = -Infinity, to = Infinity } = choice
  const only = (test: (launch: number) => boolean): LaunchCosts =>
    costsOf(costs, rowsWhere(costs.call.length, test))
  if (iteration !== undefined || phase !== undefined) {
    const isInside = new Uint8Array(trace.device_op.length)
    for (const op of opsInWindow(trace, choice) ?? []) isInside[op] = 1
    return only((i) => isInside[costs.firstOp[i]!] === 1)
  }
  if (from === -Infinity && to === Infinity) return costs
  const { start } = trace.api_call
  return only((i) => start[costs.call[i]!]! >= from && start[costs.call[i]!]! < to)
}

/** Some of the launches. */
const costsOf = (costs: LaunchCosts, rows: Uint32Array): LaunchCosts => ({
  call: taken(costs.call, rows),
  firstOp: taken(costs.firstOp, rows),
  raw: taken(costs.raw, rows),
  corrected: taken(costs.corrected, rows),
  backPressure: costs.backPressure && taken(costs.backPressure, rows),
  queue: taken(costs.queue, rows),
})
