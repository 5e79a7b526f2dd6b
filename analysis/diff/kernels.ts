/**
 * From a term to its kernels: the same busy time once more, by kernel name, with the longest op of each side to look at.
 */
import { NONE } from '../../trace/column.ts'
import { OWNERS } from '../ownership.ts'
import type { Alignment } from './align.ts'
import type { Side } from './side.ts'
import { kindOf } from './waterfall.ts'
import type { Matched, TermKind } from './waterfall.ts'

export interface KernelDifference {
  phase: string
  owner: string
  kind: TermKind
  /** The base's name where both have one (a renamed kernel keeps its old name here). */
  name: string
  /** Candidate − base, of owned time. */
  ns: number
  baseNs: number
  candidateNs: number
  baseOps: number
  candidateOps: number
  /** The longest one in the representative iteration; null where the side has none. */
  baseOp: Place | null
  candidateOp: Place | null
}

/** Where to look: a row of device_op, and when it ran on its capture's axis. */
export interface Place {
  row: number
  startNs: number
  durNs: number
}

/** Kernels that are listed; the time of the others is given as one number. */
const LISTED = 300

/** Largest changes first. Listed and left out together are Σ of all busy terms, exactly. */
export function kernelDifferences(
  base: Side,
  candidate: Side,
  alignment: Alignment,
  matched: Matched,
): { listed: KernelDifference[]; leftOut: { kernels: number; ns: number } } {
  const rows = new Map<string, KernelDifference & { longest: [number, number] }>()
  const baseNames: number[] = []
  for (const [i, group] of alignment.base.entries())
    if (group !== NONE) baseNames[group] ??= base.trace.device_op.name[base.ops[i]!]!
  for (const [side, groups, isMatched, sign] of [
    [base, alignment.base, matched.base, -1],
    [candidate, alignment.candidate, matched.candidate, 1],
  ] as const)
    for (let i = 0; i < side.ops.length; i++) {
      const op = side.ops[i]!
      const ns = side.owned[i]!
      const name =
        isMatched[i] === 1
          ? base.trace.strings[baseNames[groups[i]!]!]!
          : side.trace.strings[side.trace.device_op.name[op]!]!
      const kind = kindOf(isMatched[i] === 1, sign)
      const phase = side.paths[side.phase[i]!]!
      const key = `${kind} ${side.class[i]} ${phase}\n${name}`
      let row = rows.get(key)
      if (row === undefined) {
        const counts = {
          baseNs: 0,
          candidateNs: 0,
          baseOps: 0,
          candidateOps: 0,
          baseOp: null,
          candidateOp: null,
        }
        row = { phase, owner: OWNERS[side.class[i]!]!, kind, name, ns: 0, ...counts, longest: [-1, -1] }
        rows.set(key, row)
      }
      row.ns += sign * ns
      const which = sign < 0 ? 0 : 1
      if (which === 0) row.baseNs += ns
      else row.candidateNs += ns
      if (which === 0) row.baseOps++
      else row.candidateOps++
      if (ns > row.longest[which]!) {
        row.longest[which] = ns
        const { start, duration } = side.trace.device_op
        const place = { row: op, startNs: start[op]!, durNs: duration[op]! }
        if (which === 0) row.baseOp = place
        else row.candidateOp = place
      }
    }
  const changed = [...rows.values()]
    .map(({ longest: _longest, ...row }) => row)
    .filter((row) => row.ns !== 0 || row.baseOps !== row.candidateOps)
    .sort((a, b) => Math.abs(b.ns) - Math.abs(a.ns) || (a.name < b.name ? -1 : 1))
  const rest = changed.slice(LISTED)
  return {
    listed: changed.slice(0, LISTED),
    leftOut: { kernels: rest.length, ns: rest.reduce((sum, row) => sum + row.ns, 0) },
  }
}
