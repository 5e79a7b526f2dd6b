/**
 * Launches by name: sums and order statistics of their host cost.
 */
import { bucketed, quantilesOf } from './group-quantiles.ts'
import type { Bucketed } from './group-quantiles.ts'
import { groupColumn } from './groups.ts'
import type { Groups } from './groups.ts'
import type { LaunchCosts } from './launch-cost.ts'

export interface LaunchGroup {
  name: string
  launches: number
  /** Σ of the calls' durations. */
  rawNs: number
  /** Of it with the launch queue full. */
  backPressureNs: number
  /** Of it, besides, loading modules and serving the profiler. */
  overheadNs: number
  /** What is left of it: rawNs − backPressureNs − overheadNs. */
  correctedNs: number
  /** Median × count: what the launches would cost if none of them had waited. */
  estimateNs: number
  medianNs: number
  p95Ns: number
  maxNs: number
  /** Median wait from the call's end to the first op's start, over launches whose op began after it. */
  queueMedianNs: number | null
}

/** The launches' raw costs and waits, ready for quantiles. */
interface Buckets {
  raw: Bucketed
  queue: Bucketed
}

export const bucketsOf = (costs: LaunchCosts): Buckets => ({
  raw: bucketed(costs.raw),
  queue: bucketed(costs.queue),
})

/**
 * By name, the greatest raw cost first. `rows` says which row of `column` each launch has, the column's values are indices
 * into `names`, of which no two are alike.
 */
export function launchGroups(
  costs: LaunchCosts,
  buckets: Buckets,
  names: readonly string[],
  column: Uint32Array,
  rows: Uint32Array,
): LaunchGroup[] {
  const groups = groupColumn(column, rows, names.length)
  return measuredGroups(costs, buckets, groups)
    .map((group, g) => ({ ...group, name: names[column[rows[groups.first[g]!]!]!]! }))
    .sort((a, b) => b.rawNs - a.rawNs)
}

/** The launches as one group. */
export const together = (costs: LaunchCosts, buckets: Buckets): LaunchGroup => ({
  ...measuredGroups(costs, buckets, {
    count: 1,
    of: new Uint32Array(costs.call.length),
    first: Uint32Array.of(0),
  })[0]!,
  name: 'all',
})

function measuredGroups(costs: LaunchCosts, buckets: Buckets, groups: Groups): LaunchGroup[] {
  const { of, count } = groups
  const { raw, corrected, backPressure } = costs
  const launches = new Uint32Array(count)
  const sums = {
    raw: new Float64Array(count),
    corrected: new Float64Array(count),
    full: new Float64Array(count),
  }
  const greatest = new Float64Array(count)
  for (let i = 0; i < of.length; i++) {
    const group = of[i]!
    launches[group]!++
    sums.raw[group]! += raw[i]!
    sums.corrected[group]! += corrected[i]!
    if (backPressure !== undefined) sums.full[group]! += backPressure[i]!
    if (raw[i]! > greatest[group]!) greatest[group] = raw[i]!
  }
  const [median, p95] = quantilesOf(buckets.raw, groups, [0.5, 0.95])
  const [queue] = quantilesOf(buckets.queue, groups, [0.5])
  return Array.from(launches, (number, group) => ({
    name: '',
    launches: number,
    rawNs: sums.raw[group]!,
    backPressureNs: sums.full[group]!,
    overheadNs: sums.raw[group]! - sums.full[group]! - sums.corrected[group]!,
    correctedNs: sums.corrected[group]!,
    estimateNs: Math.round(orZero(median![group]!) * number),
    medianNs: orZero(median![group]!),
    p95Ns: orZero(p95![group]!),
    maxNs: greatest[group]!,
    queueMedianNs: Number.isNaN(queue![group]!) ? null : queue![group]!,
  }))
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value)
