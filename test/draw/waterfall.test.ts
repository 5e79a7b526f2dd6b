import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { termsBetween, waterfall } from '../../draw/waterfall.ts'

const partition = fc.array(
  fc.record({
    phase: fc.constantFrom('A', 'A/b', 'C'),
    owner: fc.constantFrom('busy/gemm', 'busy/attention', 'idle/host-work'),
    ns: fc.nat(20_000_000_000),
  }),
)
const sum = (list: readonly { ns: number }[]): number => list.reduce((total, { ns }) => total + ns, 0)

describe('the difference of two ledgers', () => {
  it('adds up to the difference of their wall times, in every grouping and drawing', () => {
    fc.assert(
      fc.property(partition, partition, fc.boolean(), fc.nat(6), (base, candidate, merged, limit) => {
        const terms = termsBetween(base, candidate, merged)
        const delta = sum(candidate) - sum(base)
        expect(sum(terms)).toBe(delta)
        const steps = waterfall(terms, limit)
        expect(steps.at(-1)?.toNs ?? 0).toBe(delta)
        steps.forEach((step, i) => expect(step.fromNs).toBe(steps[i - 1]?.toNs ?? 0))
      }),
    )
  })

  it('is nothing between a run and itself, and turns its sign when the sides change places', () => {
    fc.assert(
      fc.property(partition, partition, (a, b) => {
        expect(waterfall(termsBetween(a, a, false), 5)).toEqual([])
        const there = new Map(termsBetween(a, b, false).map((term) => [term.phase + term.owner, term.ns]))
        for (const back of termsBetween(b, a, false))
          expect(back.ns + (there.get(back.phase + back.owner) ?? 0)).toBe(0)
      }),
    )
  })

  it('names the largest terms and keeps the others together', () => {
    const terms = [5, -9, 1, 2, -3].map((ns, i) => ({ phase: '', owner: `busy/${i}`, kind: '', ns }))
    expect(waterfall(terms, 2).map(({ ns, terms, fromNs, toNs }) => [ns, terms, fromNs, toNs])).toEqual([
      [-9, 1, 0, -9],
      [5, 1, -9, -4],
      [0, 3, -4, -4],
    ])
  })
})
