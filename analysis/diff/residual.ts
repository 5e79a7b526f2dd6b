/** What the terms of a diff do not show by themselves: ops without a match, and work that ran beneath other work. */
import { NONE } from '../../trace/column.ts'
import { BUSY_CLASSES } from '../kernel-class.ts'
import type { Side } from './side.ts'

export interface Unmatched {
  ops: number
  ns: number
  /** By kernel, most time first. */
  kernels: { name: string; phase: string; class: string; ops: number; ns: number }[]
}

/** Ops of a side without a match, by kernel; never dropped. */
export function unmatched(side: Side, groups: Uint32Array): Unmatched {
  const kernels = new Map<string, Unmatched['kernels'][number]>()
  let ns = 0
  let ops = 0
  for (let i = 0; i < groups.length; i++) {
    if (groups[i] !== NONE) continue
    const name = side.trace.strings[side.trace.device_op.name[side.ops[i]!]!]!
    const phase = side.paths[side.phase[i]!]!
    const key = `${phase} ${name}`
    const known = kernels.get(key) ?? { name, phase, class: BUSY_CLASSES[side.class[i]!]!, ops: 0, ns: 0 }
    kernels.set(key, { ...known, ops: known.ops + 1, ns: known.ns + side.owned[i]! })
    ns += side.owned[i]!
    ops++
  }
  return { ops, ns, kernels: [...kernels.values()].sort((x, y) => y.ns - x.ns).slice(0, 200) }
}

/** Durations of the side's ops inside its windows that other ops covered. */
export function hidden(side: Side): number {
  const { start, duration } = side.trace.device_op
  let sum = 0
  for (const [i, op] of side.ops.entries())
    for (const [from, to] of side.windows) {
      const length = Math.min(start[op]! + duration[op]!, to) - Math.max(start[op]!, from)
      if (length > 0) sum += length - side.owned[i]!
    }
  return sum
}
