/**
 * Device work → the call that launched it. In this order:
 *
 *   1. correlation, per process          kernel.correlation = call.correlation
 *   2. the launch's arrow                s ──► f, s inside the call (on its thread), f at the op (on its lane)
 *   3. "External id"                     only for an op without a correlation, and only if exactly one call carries its id
 *
 * A GPU event does not say which process launched it. With several processes in one file the same correlation may occur
 * in more than one: then the process whose calls drive the rest of the lane is taken, and if that does not tell, none.
 */
import { NONE } from '../../trace/column.ts'
import { launchIndex } from '../launches.ts'
import { linkByExternalId, linkByFlows } from './link-fallbacks.ts'
import type { Calls, Flows, Ops } from './link-fallbacks.ts'

export type { Calls, Flows, Ops } from './link-fallbacks.ts'

export interface Launches {
  /** By op: row in `api_call`, or NONE. */
  launch: Uint32Array
  /** By lane: the process that drives it; NONE where nothing tells. */
  laneProcess: Uint32Array
  /** Ops whose correlation occurs in several processes, and nothing tells which. */
  ambiguous: number
  /** The same lookup for other records with a correlation. */
  callOf: (lane: number, correlation: number) => number
}

/** Answer where calls of several processes carry the correlation. */
const SEVERAL = NONE - 1

/** Links. Calls, ops and flows must be sorted by start; `lanePlace` gives each lane's place. */
export function linkLaunches(
  calls: Calls,
  ops: Ops,
  flows: () => Flows,
  lanePlace: readonly number[],
  strings: readonly string[],
  processes: number,
): Launches {
  const find = launchIndex({ ...calls, process: (call) => calls.process[call]! }, strings, processes)
  const callers = [...new Set(calls.process)]
  const onlyCall = (correlation: number): number => {
    let only = NONE
    for (const process of callers) {
      const call = find(process, correlation)
      if (call !== NONE && only !== NONE) return SEVERAL
      if (call !== NONE) only = call
    }
    return only
  }
  const laneProcess = new Uint32Array(lanePlace.length).fill(NONE)
  const launch = new Uint32Array(ops.length).fill(NONE)
  const unlinked: number[] = []
  const doubtful: number[] = []
  for (let op = 0; op < ops.length; op++) {
    const call = onlyCall(ops.correlation[op]!)
    if (call === NONE) unlinked.push(op)
    else if (call === SEVERAL) doubtful.push(op)
    else {
      launch[op] = call
      laneProcess[ops.lane[op]!] = calls.process[call]!
    }
  }
  for (const op of doubtful) {
    const process = laneProcess[ops.lane[op]!]!
    if (process !== NONE) launch[op] = find(process, ops.correlation[op]!)
  }
  if (unlinked.length > 0) {
    linkByFlows(launch, unlinked, calls, ops, flows(), lanePlace)
    linkByExternalId(launch, unlinked, calls, ops)
  }
  for (const op of unlinked) if (launch[op] !== NONE) laneProcess[ops.lane[op]!] = calls.process[launch[op]!]!
  const ambiguous = doubtful.filter((op) => launch[op] === NONE).length
  const callOf = (lane: number, correlation: number): number => {
    const own = lane === NONE ? NONE : laneProcess[lane]!
    if (own !== NONE) return find(own, correlation)
    const call = onlyCall(correlation)
    return call === SEVERAL ? NONE : call
  }
  return { launch, laneProcess, ambiguous, callOf }
}
