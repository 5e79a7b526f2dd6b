import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonSubsequence } from '../../../analysis/diff/common-subsequence.ts'

const tokens = fc.array(fc.nat(4), { maxLength: 25 })

/** Length of a longest common subsequence, by the textbook table. */
function longest(a: readonly number[], b: readonly number[]): number {
  const row = Array.from({ length: b.length + 1 }, () => 0)
  for (const x of a) {
    let diagonal = 0
    for (let j = 1; j <= b.length; j++) {
      const above = row[j]!
      row[j] = x === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]!)
      diagonal = above
    }
  }
  return row[b.length]!
}

const isMatching = (
  a: readonly number[],
  b: readonly number[],
  pairs: { a: Uint32Array; b: Uint32Array },
): void => {
  for (let k = 0; k < pairs.a.length; k++) {
    expect(a[pairs.a[k]!]).toBe(b[pairs.b[k]!])
    if (k > 0) {
      expect(pairs.a[k]!).toBeGreaterThan(pairs.a[k - 1]!)
      expect(pairs.b[k]!).toBeGreaterThan(pairs.b[k - 1]!)
    }
  }
}

test('it is a common subsequence, and a longest one', () => {
  fc.assert(
    fc.property(tokens, tokens, (a, b) => {
      const pairs = commonSubsequence(a, b)
      isMatching(a, b, pairs)
      expect(pairs.a.length).toBe(longest(a, b))
    }),
    { numRuns: 1000 },
  )
})

test('past its budget it is still a common subsequence', () => {
  fc.assert(
    fc.property(tokens, tokens, (a, b) => isMatching(a, b, commonSubsequence(a, b, 0))),
    { numRuns: 300 },
  )
})

test('past its budget, sequences that run side by side still match nearly everywhere', () => {
  const a = Array.from({ length: 20_000 }, (_, i) => (i * i) % 97)
  // Every ninth token is another one, and every fiftieth is missing.
  const b = a.map((token, i) => (i % 9 === 0 ? token + 1000 : token)).filter((_, i) => i % 50 !== 7)
  const pairs = commonSubsequence(a, b, 0)
  isMatching(a, b, pairs)
  expect(pairs.a.length).toBeGreaterThan(0.98 * (20_000 * (8 / 9) * (49 / 50)))
})
