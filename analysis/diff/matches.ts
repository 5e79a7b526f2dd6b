/**
 * The alignment, told: phase by phase and kernel by kernel, what was matched with what, and on which evidence.
 *
 *   same-name      equal names, in one order on both sides
 *   similar-name   equal but for template arguments and tile sizes
 *   renamed        a name that vanished and one that appeared in its place, with its class, count and grids
 *   replaced       of one class, between the same two matches: the weakest
 */
import { NONE } from '../../trace/column.ts'
import type { Alignment } from './align.ts'
import { normalName } from './normal-name.ts'
import type { Side } from './side.ts'
import { nodePlace } from './tokens.ts'

export const EVIDENCE = ['same-name', 'similar-name', 'renamed', 'replaced'] as const
export type Evidence = (typeof EVIDENCE)[number]

export interface MatchedPhase {
  phase: string
  /** The candidate's own name of it, where it was paired by hand; null otherwise. */
  candidatePhase: string | null
  baseInstances: number
  candidateInstances: number
  baseOps: number
  candidateOps: number
  matchedBaseOps: number
  matchedCandidateOps: number
  /** Owned time of both sides that is matched, by evidence; and that is not. */
  ns: Record<Evidence | 'unmatched', number>
  /** Share of that time matched by equal or similar names; null where there is no time. */
  sure: number | null
}

export interface MatchedKernel {
  phase: string
  base: string
  candidate: string
  evidence: Evidence
  groups: number
  baseOps: number
  candidateOps: number
  baseNs: number
  candidateNs: number
}

export interface Matches {
  phases: MatchedPhase[]
  /** Least sure first, then by time. */
  kernels: MatchedKernel[]
  /** Pairs of kernels that are not listed. */
  leftOut: number
}

const LISTED = 300

/** `ownPaths` are the candidate's phases as the candidate calls them. */
export function matchesOf(
  base: Side,
  candidate: Side,
  alignment: Alignment,
  ownPaths: readonly string[] = candidate.paths,
): Matches {
  const of = evidenceBetween(base, candidate, alignment)
  const firstBase = new Uint32Array(alignment.groups).fill(NONE)
  const firstCandidate = new Uint32Array(alignment.groups).fill(NONE)
  for (let i = alignment.base.length - 1; i >= 0; i--)
    if (alignment.base[i] !== NONE) firstBase[alignment.base[i]!] = i
  for (let i = alignment.candidate.length - 1; i >= 0; i--)
    if (alignment.candidate[i] !== NONE) firstCandidate[alignment.candidate[i]!] = i

  const nameOf = (side: Side, i: number): number => side.trace.device_op.name[side.ops[i]!]!
  const kernels = new Map<string, MatchedKernel>()
  /** Row of `kernels` by group. */
  const rowOf: MatchedKernel[] = []
  const known = new Map<number, Map<number, MatchedKernel>>()
  for (let group = 0; group < alignment.groups; group++) {
    const [i, j] = [firstBase[group]!, firstCandidate[group]!]
    if (i === NONE || j === NONE) continue
    const [x, y] = [nameOf(base, i), nameOf(candidate, j)]
    // Numbers first, text once: an iteration has many ops and few names.
    const place = base.phase[i]! * base.trace.strings.length + x
    let row = known.get(place)?.get(y)
    if (row === undefined) {
      const phase = base.paths[base.phase[i]!]!
      const [one, other] = [base.trace.strings[x]!, candidate.trace.strings[y]!]
      const key = `${phase}\n${one}\n${other}`
      row = kernels.get(key)
      const none = { groups: 0, baseOps: 0, candidateOps: 0, baseNs: 0, candidateNs: 0 }
      if (row === undefined)
        kernels.set(key, (row = { phase, base: one, candidate: other, evidence: of(one, other), ...none }))
      if (!known.has(place)) known.set(place, new Map())
      known.get(place)!.set(y, row)
    }
    row.groups++
    rowOf[group] = row
  }

  const phases = new Map<string, MatchedPhase>()
  for (const [side, groups, mine] of [
    [base, alignment.base, 'base'],
    [candidate, alignment.candidate, 'candidate'],
  ] as const) {
    const rows = side.paths.map((path) => phases.get(path))
    const instances = new Map<number, MatchedPhase>()
    for (let i = 0; i < side.ops.length; i++) {
      const at = side.phase[i]!
      const phase = (rows[at] ??= phaseIn(phases, side.paths[at]!))
      if (mine === 'candidate' && ownPaths[at] !== side.paths[at]) phase.candidatePhase = ownPaths[at]!
      if (side.instance[i] !== NONE) instances.set(side.instance[i]!, phase)
      phase[`${mine}Ops`]++
      const row = groups[i] === NONE ? undefined : rowOf[groups[i]!]
      const ns = side.owned[i]!
      phase.ns[row?.evidence ?? 'unmatched'] += ns
      if (row === undefined) continue
      phase[mine === 'base' ? 'matchedBaseOps' : 'matchedCandidateOps']++
      row[`${mine}Ops`]++
      row[`${mine}Ns`] += ns
    }
    for (const phase of instances.values()) phase[`${mine}Instances`]++
  }
  const sorted = [...kernels.values()].sort(
    (a, b) =>
      EVIDENCE.indexOf(b.evidence) - EVIDENCE.indexOf(a.evidence) ||
      b.baseNs + b.candidateNs - a.baseNs - a.candidateNs,
  )
  return {
    phases: [...phases.values()].map((phase) => ({ ...phase, sure: sureness(phase) })),
    kernels: sorted.slice(0, LISTED),
    leftOut: Math.max(0, sorted.length - LISTED),
  }
}

function phaseIn(phases: Map<string, MatchedPhase>, path: string): MatchedPhase {
  const before = phases.get(path)
  if (before !== undefined) return before
  const made: MatchedPhase = {
    phase: path,
    candidatePhase: null,
    baseInstances: 0,
    candidateInstances: 0,
    baseOps: 0,
    candidateOps: 0,
    matchedBaseOps: 0,
    matchedCandidateOps: 0,
    ns: { 'same-name': 0, 'similar-name': 0, renamed: 0, replaced: 0, unmatched: 0 },
    sure: null,
  }
  phases.set(path, made)
  return made
}

function sureness({ ns }: MatchedPhase): number | null {
  const all = Object.values(ns).reduce((sum, one) => sum + one, 0)
  return all === 0 ? null : (ns['same-name'] + ns['similar-name']) / all
}

function evidenceBetween(
  base: Side,
  candidate: Side,
  { renamed }: Alignment,
): (a: string, b: string) => Evidence {
  const other = new Map(renamed.map((one) => [one.base, one.candidate]))
  // A runtime's node has its place in its name: the same node of another block is no other kernel.
  const isNode = [base, candidate].some(({ trace }) => trace.device_op.shortName !== undefined)
  return (a, b) => {
    if (a === b) return 'same-name'
    if (normalName(a) === normalName(b) || (isNode && nodePlace(a) === nodePlace(b))) return 'similar-name'
    return other.get(a) === b ? 'renamed' : 'replaced'
  }
}
