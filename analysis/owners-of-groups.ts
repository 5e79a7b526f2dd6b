/**
 * The ledger's owners for groups of ops instead of a window: the time that the ops of each group owned, by class, and the idle
 * time that ended with one of them, by cause. Groups may lie inside one another, as phases do.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import { BEFORE_FIRST, isIdle, OWNERS, ownerships } from './ownership.ts'

/** In place of its cause: idle time that a copy from the host ended. */
export const BEFORE_INPUT = OWNERS.length
const WIDTH = OWNERS.length + 1

/** The ns of one group: at i those of OWNERS[i], then those before copies from the host. */
export type OwnerSums = Float64Array

/**
 * `groupOf` is the innermost group of each op, NONE for none; `parentOf` the group around each group, 0 for none. What lies
 * before a device's first op is not counted.
 */
export function ownersOfGroups(trace: Trace, groupOf: Uint32Array, parentOf: readonly number[]): OwnerSums[] {
  const all = new Float64Array(parentOf.length * WIDTH)
  const classes = classOfOps(trace)
  const fromHost = BUSY_CLASSES.indexOf('memcpy-h2d')
  for (const { start, owner, op, end } of ownerships(trace))
    for (let i = 0; i < start.length; i++) {
      if (op[i] === NONE || owner[i] === BEFORE_FIRST || groupOf[op[i]!] === NONE) continue
      const what = isIdle(owner[i]!) && classes[op[i]!] === fromHost ? BEFORE_INPUT : owner[i]!
      all[groupOf[op[i]!]! * WIDTH + what]! += (i + 1 < start.length ? start[i + 1]! : end) - start[i]!
    }
  const sums = parentOf.map((_, group) => all.slice(group * WIDTH, (group + 1) * WIDTH))
  const own = parentOf.map((_, group) => all.subarray(group * WIDTH, (group + 1) * WIDTH))
  for (const [group, values] of own.entries())
    for (let around = parentOf[group]!; around !== 0; around = parentOf[around]!)
      for (const [i, value] of values.entries()) sums[around]![i]! += value
  return sums
}
