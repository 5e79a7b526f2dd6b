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

/** All kernels that changed, and which op is of which. */
export interface Kernels {
  rows: KernelDifference[]
  /** Index into `rows` of every op of the representative iterations, beside `ops`; NONE where its kernel did not change. */
  base: Uint32Array
  candidate: Uint32Array
}

interface Counted extends KernelDifference {
  longest: [number, number]
}

/** Largest changes first. Their sum is Σ of all busy terms, exactly. */
export function kernelDifferences(
  base: Side,
  candidate: Side,
  alignment: Alignment,
  matched: Matched,
): Kernels {
  const rows = new Map<string, Counted>()
  const baseNames: number[] = []
  for (const [i, group] of alignment.base.entries())
    if (group !== NONE) baseNames[group] ??= base.trace.device_op.name[base.ops[i]!]!
  const rowsOf = ([side, groups, isMatched, sign]: readonly [
    Side,
    Uint32Array,
    Uint8Array,
    -1 | 1,
  ]): Counted[] => {
    // Numbers first, text once: an iteration has many ops and few kernels.
    const known = new Map<number, Counted>()
    return Array.from(side.ops, (op, i) => {
      const isOne = isMatched[i] === 1
      const nameId = isOne ? baseNames[groups[i]!]! : side.trace.device_op.name[op]!
      const place = (nameId * side.paths.length + side.phase[i]!) * OWNERS.length + side.class[i]!
      let row = known.get(2 * place + isMatched[i]!)
      if (row === undefined) {
        const name = (isOne ? base : side).trace.strings[nameId]!
        row = rowIn(rows, side.paths[side.phase[i]!]!, OWNERS[side.class[i]!]!, kindOf(isOne, sign), name)
        known.set(2 * place + isMatched[i]!, row)
      }
      count(row, side, i, sign)
      return row
    })
  }
  const ofBase = rowsOf([base, alignment.base, matched.base, -1])
  const ofCandidate = rowsOf([candidate, alignment.candidate, matched.candidate, 1])
  const changed = [...rows.values()]
    .filter((row) => row.ns !== 0 || row.baseOps !== row.candidateOps)
    .sort((a, b) => Math.abs(b.ns) - Math.abs(a.ns) || (a.name < b.name ? -1 : 1))
  const at = new Map(changed.map((row, i) => [row, i]))
  const indices = (of: readonly Counted[]): Uint32Array => Uint32Array.from(of, (row) => at.get(row) ?? NONE)
  return {
    rows: changed.map(({ longest: _longest, ...row }) => row),
    base: indices(ofBase),
    candidate: indices(ofCandidate),
  }
}

function rowIn(
  rows: Map<string, Counted>,
  phase: string,
  owner: string,
  kind: TermKind,
  name: string,
): Counted {
  const key = `${kind} ${owner} ${phase}\n${name}`
  let row = rows.get(key)
  if (row === undefined) {
    const counts = { baseNs: 0, candidateNs: 0, baseOps: 0, candidateOps: 0, baseOp: null, candidateOp: null }
    rows.set(key, (row = { phase, owner, kind, name, ns: 0, ...counts, longest: [-1, -1] }))
  }
  return row
}

function count(row: Counted, side: Side, i: number, sign: -1 | 1): void {
  const [which, mine] = sign < 0 ? ([0, 'base'] as const) : ([1, 'candidate'] as const)
  const ns = side.owned[i]!
  row.ns += sign * ns
  row[`${mine}Ns`] += ns
  row[`${mine}Ops`]++
  if (ns <= row.longest[which]) return
  row.longest[which] = ns
  const op = side.ops[i]!
  const { start, duration } = side.trace.device_op
  row[`${mine}Op`] = { row: op, startNs: start[op]!, durNs: duration[op]! }
}
