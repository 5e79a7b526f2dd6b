/**
 * The exact waterfall: the difference of two iterations' wall time as whole numbers that sum to it.
 *
 *   busy owners   faster-slower   owned time of matched ops, candidate − base
 *                 added           ops only the candidate has
 *                 removed         ops only the base has (negative)
 *   idle owners   idle            candidate − base
 *
 * A match across phases or classes counts as removed there and added here.
 */
import { NONE } from '../../trace/column.ts'
import { OWNERS } from '../ownership.ts'
import type { Alignment } from './align.ts'
import type { Side } from './side.ts'

export const TERM_KINDS = ['faster-slower', 'added', 'removed', 'idle'] as const
export type TermKind = (typeof TERM_KINDS)[number]

export interface Term {
  phase: string
  owner: string
  kind: TermKind
  ns: number
  /** Ops that stand behind it, on each side. */
  baseOps: number
  candidateOps: number
}

/** 1 for every op whose match is of its own phase and class; beside each side's `ops`. */
export interface Matched {
  base: Uint8Array
  candidate: Uint8Array
}

export function matchedOps(base: Side, candidate: Side, alignment: Alignment): Matched {
  const mixed = mixedGroups(base, candidate, alignment)
  const flags = (groups: Uint32Array): Uint8Array =>
    Uint8Array.from(groups, (group) => (group !== NONE && mixed[group] === 0 ? 1 : 0))
  return { base: flags(alignment.base), candidate: flags(alignment.candidate) }
}

/** All terms that are not zero, largest first. Σ ns = candidate.wall − base.wall exactly. */
export function waterfall(base: Side, candidate: Side, matched: Matched): Term[] {
  const terms = new Terms()
  for (const [side, isMatched, sign] of [
    [base, matched.base, -1],
    [candidate, matched.candidate, 1],
  ] as const) {
    for (let i = 0; i < side.ops.length; i++)
      terms.add(
        side.paths[side.phase[i]!]!,
        OWNERS[side.class[i]!]!,
        kindOf(isMatched[i] === 1, sign),
        sign * side.owned[i]!,
        sign,
      )
    for (const { phase, owner, ns } of side.idle)
      terms.add(side.paths[phase]!, OWNERS[owner]!, 'idle', sign * ns, 0)
  }
  return terms.list()
}

/** What the time of an op counts as: −1 is the base, +1 the candidate. */
export const kindOf = (isMatched: boolean, sign: -1 | 1): TermKind =>
  isMatched ? 'faster-slower' : sign < 0 ? 'removed' : 'added'

/** 1 for groups whose ops are not all of one phase and class. */
function mixedGroups(base: Side, candidate: Side, alignment: Alignment): Uint8Array {
  const mixed = new Uint8Array(alignment.groups)
  const keys: (string | undefined)[] = []
  for (const [side, groups] of [
    [base, alignment.base],
    [candidate, alignment.candidate],
  ] as const)
    for (let i = 0; i < side.ops.length; i++) {
      const group = groups[i]!
      if (group === NONE) continue
      const key = `${side.class[i]} ${side.paths[side.phase[i]!]}`
      keys[group] ??= key
      if (keys[group] !== key) mixed[group] = 1
    }
  return mixed
}

/** What tells one term from another. */
export const termKey = (phase: string, owner: string, kind: TermKind): string => `${kind} ${owner} ${phase}`

class Terms {
  readonly #terms = new Map<string, Term>()

  add(phase: string, owner: string, kind: TermKind, ns: number, sign: -1 | 0 | 1): void {
    const key = termKey(phase, owner, kind)
    let term = this.#terms.get(key)
    if (term === undefined)
      this.#terms.set(key, (term = { phase, owner, kind, ns: 0, baseOps: 0, candidateOps: 0 }))
    term.ns += ns
    if (sign < 0) term.baseOps++
    if (sign > 0) term.candidateOps++
  }

  list(): Term[] {
    return [...this.#terms.values()]
      .filter((term) => term.ns !== 0)
      .sort((a, b) => Math.abs(b.ns) - Math.abs(a.ns) || (a.phase < b.phase ? -1 : 1))
  }
}
