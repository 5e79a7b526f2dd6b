import { describe, expect, test } from 'vitest'
import { align } from '../../../analysis/diff/align.ts'
import { diff } from '../../../analysis/diff/diff.ts'
import { representative } from '../../../analysis/diff/side.ts'
import { EDITS } from '../../../fixtures/generate/edits.ts'
import type { EditName } from '../../../fixtures/generate/edits.ts'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import type { Pair } from '../../../fixtures/generate/pair.ts'
import { NONE } from '../../../trace/column.ts'

const SEEDS = Array.from({ length: 12 }, (_, i) => 101 + 17 * i)

/** F1 of the pairs (base op, candidate op) that the alignment put together, against those that share a tag. */
function f1({ base, candidate }: Pair): number {
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

describe.each(Object.keys(EDITS) as EditName[])('a planted edit, %s,', (name) => {
  const pairs = SEEDS.map((seed) => plantedPair(name, seed))

  test('shows where it was planted, at least 95 % of it, and at most 1 % elsewhere', () => {
    for (const { base, candidate, belongs } of pairs) {
      const { deltaNs, terms } = diff([base.trace], [candidate.trace])
      const sum = (right: boolean): number =>
        terms.filter((term) => belongs(term) === right).reduce((total, term) => total + term.ns, 0)
      const elsewhere = terms
        .filter((term) => !belongs(term))
        .reduce((total, term) => total + Math.abs(term.ns), 0)
      expect(deltaNs).not.toBe(0)
      expect(sum(true) / deltaNs).toBeGreaterThanOrEqual(0.95)
      expect(elsewhere / Math.abs(deltaNs)).toBeLessThanOrEqual(0.01)
    }
  })

  test('leaves the alignment with an F1 of at least 0.95', () => {
    for (const pair of pairs) expect(f1(pair)).toBeGreaterThanOrEqual(0.95)
  })
})
