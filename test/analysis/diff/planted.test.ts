import { describe, expect, test } from 'vitest'
import { diff } from '../../../analysis/diff/diff.ts'
import { EDITS } from '../../../fixtures/generate/edits.ts'
import type { EditName } from '../../../fixtures/generate/edits.ts'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import { explained, f1 } from './pair-truth.ts'

const SEEDS = Array.from({ length: 12 }, (_, i) => 101 + 17 * i)

describe.each(Object.keys(EDITS) as EditName[])('a planted edit, %s,', (name) => {
  const pairs = SEEDS.map((seed) => plantedPair(name, seed))

  test('shows where it was planted, at least 95 % of it, and at most 1 % elsewhere', () => {
    for (const { base, candidate, belongs } of pairs) {
      const { deltaNs, right, elsewhere } = explained({ base, candidate, belongs })
      expect(deltaNs).not.toBe(0)
      expect(right).toBeGreaterThanOrEqual(0.95)
      expect(elsewhere).toBeLessThanOrEqual(0.01)
    }
  })

  test('leaves the alignment with an F1 of at least 0.95', () => {
    for (const pair of pairs) expect(f1(pair)).toBeGreaterThanOrEqual(0.95)
  })
})

test('of all kernels, the one that was slowed is found, with its interval, and no other', () => {
  // Two seeds of noise: no kernel is exactly as fast as before.
  for (const seed of SEEDS.slice(0, 6)) {
    const { base } = plantedPair('slow a kernel', seed, { iterations: 12 }, 0.0021)
    const { candidate } = plantedPair('slow a kernel', seed, { iterations: 12 }, 0.0019)
    const { listed } = diff([base.trace], [candidate.trace]).kernels
    expect(listed.length).toBeGreaterThan(10)
    const found = listed.filter(({ verdict }) => verdict !== 'not-detectable')
    expect(found).toMatchObject([{ owner: 'busy/attention', kind: 'faster-slower', verdict: 'regressed' }])
    const [one] = found
    expect(one!.ciNs![0]).toBeGreaterThan(0)
    expect(one!.ciNs![0]).toBeLessThanOrEqual(one!.ns)
    expect(one!.ciNs![1]).toBeGreaterThanOrEqual(one!.ns)
  }
})
