import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { correctedPaths, pairsOf, UNPAIRED } from '../../../analysis/diff/by-hand.ts'
import { diffOf, pooled } from '../../../analysis/diff/diff.ts'
import type { Diff } from '../../../analysis/diff/diff.ts'
import { phaseTree } from '../../../analysis/phase-tree.ts'
import { plantedPair } from '../../../fixtures/generate/pair.ts'
import { drawn } from '../../drawn-trace.ts'
import { randomParts, traceOf } from '../../random-trace.ts'

const PATHS = ['outside ranges', 'forward', 'forward/a', 'forward/a/x', 'forward/b', 'other/b']
const sum = ({ terms }: Diff): number => terms.reduce((total, term) => total + term.ns, 0)

describe('a pair of phases', () => {
  test('is read from paths, ends of paths, and names that hold the sign between them', () => {
    expect(pairsOf(['forward/a=forward/b', '=a', 'x='], PATHS, PATHS)).toEqual([
      { base: 'forward/a', candidate: 'forward/b' },
      { base: null, candidate: 'forward/a' },
      { base: 'forward/a/x', candidate: null },
    ])
    expect(pairsOf(['n=1=n=2'], ['outside ranges', 'n=1'], ['outside ranges', 'n=2'])).toEqual([
      { base: 'n=1', candidate: 'n=2' },
    ])
  })

  test.each([
    ['forward', 'no pair'],
    ['nothing=forward', 'does not name'],
    ['=', 'does not name'],
    // Two phases end so.
    ['a=b', 'does not name'],
  ])('that names none is refused in one line: %s', (text, why) => {
    expect(() => pairsOf([text], PATHS, PATHS)).toThrow(why)
  })

  test('gives the candidate’s phase and what is inside it the base’s name, and its own namesake none', () => {
    const pairs = pairsOf(['forward/b=forward/a'], PATHS, PATHS)
    expect(correctedPaths(PATHS, pairs)).toEqual([
      'outside ranges',
      'forward',
      'forward/b',
      'forward/b/x',
      `forward/b${UNPAIRED}`,
      'other/b',
    ])
  })
})

describe('a correction by hand', () => {
  test('leaves every sum exact, whatever is paired, and turns round when the sides swap', () => {
    fc.assert(
      fc.property(randomParts, randomParts, fc.nat(), fc.nat(), fc.nat(3), (x, y, i, j, form) => {
        const [a, b] = [traceOf(x), traceOf(y)]
        const [mine, theirs] = [phaseTree(a).paths, phaseTree(b).paths]
        const [base, candidate] = [mine[i % mine.length]!, theirs[j % theirs.length]!]
        const texts = form === 0 ? [`${base}=`] : form === 1 ? [`=${candidate}`] : [`${base}=${candidate}`]
        const found = diffOf(pooled([a]), pooled([b]), texts)
        expect(sum(found)).toBe(found.deltaNs)
        expect(found.deltaNs).toBe(diffOf(pooled([a]), pooled([b])).deltaNs)
        const busy = found.terms.filter(({ kind }) => kind !== 'idle').reduce((s, { ns }) => s + ns, 0)
        expect(found.kernels.listed.reduce((s, { ns }) => s + ns, found.kernels.leftOut.ns)).toBe(busy)
        const swapped = texts.map((text) => text.split('=').toReversed().join('='))
        const back = diffOf(pooled([b]), pooled([a]), swapped)
        expect(back.deltaNs + 0).toBe(-found.deltaNs + 0)
        expect([back.unmatched.base.ops, back.unmatched.candidate.ops]).toEqual([
          found.unmatched.candidate.ops,
          found.unmatched.base.ops,
        ])
      }),
      { numRuns: 150 },
    )
  })

  const lines = (first: string, second: string) => `
    nvtx  [${first} ....][${second} ....]
    api   .ab..........cd.........
    gpu0  ..AAABBBB.....CCDDDDD...`
  const base = drawn(lines('one', 'two'))
  const candidate = drawn(lines('two', 'uno'))
  const run = (...texts: string[]): Diff => diffOf(pooled([base]), pooled([candidate]), texts)

  test('pairs phases that have other names and stand elsewhere', () => {
    const before = run()
    expect(before.unmatched.base.ops).toBeGreaterThan(0)
    const after = run('one=uno')
    expect(after.alignment.byHand).toEqual([{ base: 'one', candidate: 'uno' }])
    const row = after.alignment.phases.find(({ phase }) => phase === 'one')!
    expect(row).toMatchObject({ candidatePhase: 'uno', matchedBaseOps: 2, matchedCandidateOps: 2 })
    // Of other names, one for one, in the same place: the weakest evidence, and said so.
    expect(row.sure).toBe(0)
    // Both pairs hold although they cross: base one, two; candidate two, uno.
    expect(after.unmatched.base.ops + after.unmatched.candidate.ops).toBe(0)
  })

  test('leaves a phase without a partner: all of it is removed there and added here', () => {
    const { base: x, candidate: y } = plantedPair('slow a kernel', 7)
    const phase = phaseTree(x.trace).paths.find((path) => path.endsWith('global_block_1'))!
    const found = diffOf(pooled([x.trace]), pooled([y.trace]), [`${phase}=`])
    const of = (path: string): string[] => [
      ...new Set(
        found.terms.filter((term) => term.phase === path && term.kind !== 'idle').map((t) => t.kind),
      ),
    ]
    expect(of(phase)).toEqual(['removed'])
    expect(of(`${phase}${UNPAIRED}`)).toEqual(['added'])
    expect(sum(found)).toBe(found.deltaNs)
  })
})

test('every device of a run can be explained, and a device that did not work is refused', () => {
  const two = (length: number) =>
    drawn(`
      nvtx  [step ................]
      api   .ab..................
      gpu0  ..AAAAAAAA...........
      gpu1  ....${'B'.repeat(length)}`)
  const [a, b] = [two(3), two(5)]
  expect(diffOf(pooled([a]), pooled([b]))).toMatchObject({ deltaNs: 0, base: { deviceId: 0 } })
  const other = diffOf(pooled([a], undefined, { asked: 1 }), pooled([b], undefined, { asked: 1 }))
  expect(other.base.devices.map(({ id, ops }) => [id, ops])).toEqual([
    [0, 1],
    [1, 1],
  ])
  expect(other.base.deviceId).toBe(1)
  expect(sum(other)).toBe(other.deltaNs)
  expect(other.terms).toContainEqual(expect.objectContaining({ owner: 'busy/other', ns: 2000 }))
  expect(() => pooled([a], undefined, { asked: 7 })).toThrow(
    'no device 7 worked; there are 0 (GPU 0), 1 (GPU 1)',
  )
})
