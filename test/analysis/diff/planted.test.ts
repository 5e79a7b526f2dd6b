import { describe, expect, test } from 'vitest'
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
