import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignmentOf, ascending, held } from '../../../analysis/timeline/alignment.ts'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import { syntheticRun } from '../../../fixtures/synthetic-run.ts'

test('a run aligned with itself has every start and end under itself', () => {
  const run = syntheticRun({ kernels: 8_000 })
  const { knots, matchedOps, ops } = alignmentOf(run, run)
  expect(matchedOps).toBe(ops)
  expect(knots.length).toBeGreaterThan(ops)
  for (const [a, b] of knots) expect(b).toBe(a)
})

test('of two runs of one workload all work is matched, and the axis never goes back', () => {
  const { knots, matchedOps, ops } = alignmentOf(
    syntheticRun({ kernels: 8_000 }),
    syntheticRun({ kernels: 8_000, kernelNs: 5_000 }),
  )
  expect(matchedOps / ops).toBeGreaterThan(0.99)
  for (let i = 1; i < knots.length; i++) {
    expect(knots[i]![0]).toBeGreaterThanOrEqual(knots[i - 1]![0])
    expect(knots[i]![1]).toBeGreaterThanOrEqual(knots[i - 1]![1])
  }
})

test('what only the base has is not filled with the candidate: its clock stands still there', () => {
  const knots: [number, number][] = [
    [0, 0],
    [10, 10],
    [510, 11],
    [520, 20],
  ]
  expect(held(knots)).toEqual([
    [0, 0],
    [10, 10],
    [11, 11],
    [510, 11],
    [520, 20],
  ])
})

test('every op is in the lists, with the group it was matched into, and groups have the time of both sides', () => {
  const { base, candidate } = plantedPair('fuse', 7)
  const found = alignmentOf(base.trace, candidate.trace)
  expect(found.base.row).toHaveLength(found.ops)
  const many = found.groupNs.map((_, group) => found.base.group.filter((one) => one === group).length)
  // Eight launches became one.
  expect(Math.max(...many)).toBe(8)
  const sum = (which: 0 | 1): number => found.groupNs.reduce((total, ns) => total + ns[which]!, 0)
  const lasting = ({ durNs, group }: typeof found.base): number =>
    durNs.reduce((total, ns, i) => total + (group[i]! >= 0 ? ns : 0), 0)
  expect([sum(0), sum(1)]).toEqual([lasting(found.base), lasting(found.candidate)])
  expect(found.instances.length).toBeGreaterThan(0)
})

test('of crossing matches the fewest are left out', () => {
  expect(
    ascending([
      [1, 1],
      [2, 90],
      [3, 3],
      [4, 4],
    ]),
  ).toEqual([
    [1, 1],
    [3, 3],
    [4, 4],
  ])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 9 }), (knots) => {
      const kept = ascending(knots)
      for (let i = 1; i < kept.length; i++) expect(kept[i]![1]).toBeGreaterThanOrEqual(kept[i - 1]![1])
      // By trying all selections.
      let most = 0
      const sorted = [...knots].sort((a, b) => a[0] - b[0] || a[1] - b[1])
      for (let mask = 0; mask < 2 ** sorted.length; mask++) {
        const chosen = sorted.filter((_, i) => (mask >> i) & 1)
        if (chosen.every((one, i) => i === 0 || one[1] >= chosen[i - 1]![1]))
          most = Math.max(most, chosen.length)
      }
      expect(kept).toHaveLength(most)
    }),
  )
})
