/** How well a diff explains a planted pair, against the truth that comes with it. */
import { align } from '../../../analysis/diff/align.ts'
import { diff } from '../../../analysis/diff/diff.ts'
import { representative } from '../../../analysis/diff/side.ts'
import type { Pair } from '../../../fixtures/generate/pair.ts'
import { NONE } from '../../../trace/column.ts'

/** F1 of the pairs (base op, candidate op) that the alignment put together, against those that share a tag. */
export function f1({ base, candidate }: Pair): number {
  const [a, b] = [representative(base.trace), representative(candidate.trace)]
  const found = align(a, b)
  const inGroup = new Map<number, number[]>()
  for (const [j, group] of found.candidate.entries())
    if (group !== NONE) inGroup.set(group, [...(inGroup.get(group) ?? []), j])
  const pairs = new Set<string>()
  for (const [i, group] of found.base.entries())
    if (group !== NONE) for (const j of inGroup.get(group) ?? []) pairs.add(`${i} ${j}`)
  const byTag = new Map<string, number>()
  for (const [j, op] of b.ops.entries()) for (const tag of candidate.tags[op]!) byTag.set(tag, j)
  const truth = new Set<string>()
  for (const [i, op] of a.ops.entries())
    for (const tag of base.tags[op]!) if (byTag.has(tag)) truth.add(`${i} ${byTag.get(tag)}`)
  const right = [...pairs].filter((pair) => truth.has(pair)).length
  return (2 * right) / (pairs.size + truth.size)
}

/** Shares of the difference: in the terms the edit belongs to, and (by size) in all others. */
export function explained({ base, candidate, belongs }: Pair): {
  deltaNs: number
  right: number
  elsewhere: number
} {
  const { deltaNs, terms } = diff([base.trace], [candidate.trace])
  const sum = (list: readonly { ns: number }[]): number => list.reduce((total, { ns }) => total + ns, 0)
  const others = terms.filter((term) => !belongs(term)).map(({ ns }) => ({ ns: Math.abs(ns) }))
  return { deltaNs, right: sum(terms.filter(belongs)) / deltaNs, elsewhere: sum(others) / Math.abs(deltaNs) }
}
