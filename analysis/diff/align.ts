/**
 * Aligning two iterations: phase instance with instance, and inside a pair op with op, one to one, many to one or one to many.
 *
 *   base       F G F G … F G      instances (a range each) are matched along a longest common subsequence of their paths
 *   candidate  F F F F … F G
 *
 *   base       a b c a b c a b c  per frame       inside: a longest common subsequence of kernels first, then what is
 *   candidate  a b c              one batch       left over joins the match it was split from (grid or time grew S times)
 */
import { NONE } from '../../trace/column.ts'
import { matchedInstances } from './instances.ts'
import type { InstancePair } from './instances.ts'
import { Pairing } from './pair-ops.ts'
import type { Side } from './side.ts'
import { tokensOf } from './tokens.ts'
import type { Tokens } from './tokens.ts'

export interface Alignment {
  /** Group of every op of the base and of the candidate, beside `ops`; NONE for an op without a match. */
  base: Uint32Array
  candidate: Uint32Array
  groups: number
  renamed: Tokens['renamed']
  /** Phase instances (range rows) that were held against each other. */
  instances: readonly InstancePair[]
}

/**
 * Aligns two sides. Every op is in at most one group; a group holds ops of both sides. Which of several equally good
 * alignments is taken does not depend on which side is called the base, so that swapping the sides swaps the answer.
 * Instances of the phases `byHand` are held against each other wherever they stand.
 */
export function align(base: Side, candidate: Side, byHand: ReadonlySet<string> = new Set()): Alignment {
  if (order(base, candidate) <= 0) return alignInOrder(base, candidate, byHand)
  const { base: theirs, candidate: mine, groups, renamed, instances } = alignInOrder(candidate, base, byHand)
  return {
    base: mine,
    candidate: theirs,
    groups,
    renamed: renamed.map((one) => ({ base: one.candidate, candidate: one.base, ops: one.ops })),
    instances: instances.map((one) => ({ base: one.candidate, candidate: one.base })),
  }
}

/** Any order of sides by what they hold; 0 for two that hold the same. */
function order(a: Side, b: Side): number {
  if (a.ops.length !== b.ops.length || a.wall !== b.wall)
    return b.ops.length - a.ops.length || b.wall - a.wall
  const [x, y] = [a.trace, b.trace]
  for (let i = 0; i < a.ops.length; i++) {
    const [p, q] = [a.ops[i]!, b.ops[i]!]
    const byTime = x.device_op.duration[p]! - y.device_op.duration[q]! || a.owned[i]! - b.owned[i]!
    if (byTime !== 0) return byTime
    const [m, n] = [x.strings[x.device_op.name[p]!]!, y.strings[y.device_op.name[q]!]!]
    if (m !== n) return m < n ? -1 : 1
    const [v, w] = [a.paths[a.phase[i]!]!, b.paths[b.phase[i]!]!]
    if (v !== w) return v < w ? -1 : 1
  }
  return 0
}

function alignInOrder(base: Side, candidate: Side, byHand: ReadonlySet<string>): Alignment {
  const { lists, pairs } = matchedInstances(base, candidate, byHand)
  const tokens = tokensOf(base, candidate)
  const alignment: Alignment = {
    base: new Uint32Array(base.ops.length).fill(NONE),
    candidate: new Uint32Array(candidate.ops.length).fill(NONE),
    groups: 0,
    renamed: tokens.renamed,
    instances: pairs,
  }
  const pairing = new Pairing(base, candidate, tokens, alignment)
  for (const [mine, theirs] of lists) pairing.pair(mine, theirs)
  return alignment
}
