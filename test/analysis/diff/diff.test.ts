import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diff, diffOf, pooled } from '../../../analysis/diff/diff.ts'
import type { Diff } from '../../../analysis/diff/diff.ts'
import { formatOf } from '../../../parsers/detect.ts'
import { formats } from '../../../parsers/index.ts'
import type { Trace } from '../../../trace/trace.ts'
import { drawn } from '../../drawn-trace.ts'
import { randomParts, traceOf } from '../../random-trace.ts'
import { sharedTest } from '../../shared.ts'

const MIRROR: Record<string, string> = {
  added: 'removed',
  removed: 'added',
  regressed: 'improved',
  improved: 'regressed',
}
const mirror = (word: string): string => MIRROR[word] ?? word
const negated = (range: [number, number] | null): [number, number] | null =>
  range === null ? null : [-range[1] + 0, -range[0] + 0]

/** The terms of a diff as they should read with the sides swapped, in an order of their own. */
function essence(one: Diff, isSwapped: boolean): unknown {
  const terms = one.terms.map((term) => ({
    key: `${term.phase} ${term.owner} ${isSwapped ? mirror(term.kind) : term.kind}`,
    ns: isSwapped ? -term.ns : term.ns,
    verdict: isSwapped ? mirror(term.verdict) : term.verdict,
    ciNs: isSwapped ? negated(term.ciNs) : term.ciNs,
    rangeNs: isSwapped ? negated(term.rangeNs) : term.rangeNs,
  }))
  return {
    deltaNs: isSwapped ? -one.deltaNs + 0 : one.deltaNs,
    terms: terms.sort((a, b) => (a.key < b.key ? -1 : 1)),
    unmatched: isSwapped
      ? [one.unmatched.candidate, one.unmatched.base]
      : [one.unmatched.base, one.unmatched.candidate],
  }
}

/** n iterations of two phases; iteration i of the candidate has a slower B by `slower` columns, and an idle gap. */
function forwards(n: number, slower: number): Trace {
  const line = (text: (i: number) => string): string => Array.from({ length: n }, (_, i) => text(i)).join('')
  const pad = (i: number): string => '.'.repeat(i % 3)
  return drawn(
    [
      `nvtx  ${line((i) => `[forward${'.'.repeat(30)}]${pad(i)}`)}`,
      `nvtx  ${line((i) => `.[one ....]...[two ....].........${'.'.repeat(6)}${pad(i)}`)}`,
      `api   ${line((i) => `..${'abcdefgh'[i]}.............................${'.'.repeat(7)}${pad(i)}`)}`,
    ]
      .concat(
        `gpu0  ${line((i) => `...${'ABCDEFGH'[i]!.repeat(5 + slower)}${'.'.repeat(31 - slower)}${pad(i)}`)}`,
      )
      .join('\n'),
  )
}

describe('the difference of two runs', () => {
  test('sums exactly, mirrors when the sides swap, and is nothing for a run and itself', () => {
    fc.assert(
      fc.property(randomParts, randomParts, (x, y) => {
        const [a, b] = [traceOf(x), traceOf(y)]
        const forth = diff([a], [b])
        expect(forth.terms.reduce((sum, term) => sum + term.ns, 0)).toBe(forth.deltaNs)
        const busy = forth.terms
          .filter((term) => term.kind !== 'idle')
          .reduce((sum, term) => sum + term.ns, 0)
        const { listed, leftOut } = forth.kernels
        expect(listed.reduce((sum, row) => sum + row.ns, leftOut.ns)).toBe(busy)
        expect(forth.deltaNs).toBe(forth.candidateNs - forth.baseNs)
        // The same two devices: by default, the base's busiest decides for both.
        const on = (trace: Trace, id: number) => pooled([trace], undefined, { like: id })
        const back = diffOf(on(b, forth.candidate.deviceId), on(a, forth.base.deviceId))
        expect(essence(forth, false)).toEqual(essence(back, true))
        const same = diff([a], [a])
        expect([same.deltaNs, same.terms, same.unmatched.base.ops, same.comparable.score]).toEqual([
          0,
          [],
          0,
          1,
        ])
      }),
      { numRuns: 150 },
    )
  })

  test('says too few iterations under five, and finds a slower kernel from five on', () => {
    const few = diff([forwards(4, 0)], [forwards(4, 2)])
    expect([few.verdict, few.ciNs]).toEqual(['too-few-iterations', null])
    const found = diff([forwards(8, 0)], [forwards(8, 2)])
    expect(found.deltaNs).toBe(2000)
    expect(found.terms).toMatchObject([
      { owner: 'busy/other', kind: 'faster-slower', ns: 2000, verdict: 'regressed' },
    ])
    expect(found.verdict).toBe('regressed')
  })

  sharedTest('explains a real pair: global attention replaced by frame attention', async (folder) => {
    const read = (name: string): Promise<Trace> => {
      const path = join(folder, 'traces', 'vggt-a40', name)
      return Promise.resolve(formatOf(path, formats).read(path, {}))
    }
    const a = await read('vggt_100report_A40.sqlite')
    const b = await read('vggt_optimized100report_A40.sqlite')
    const found = diff([a], [b])
    expect([found.deltaNs, found.comparable.comparable, found.verdict]).toEqual([
      -1_703_721_594,
      true,
      'too-few-iterations',
    ])
    const inPhase = (name: string): number =>
      found.terms
        .filter((term) => term.phase.endsWith(name) && term.owner.startsWith('busy/'))
        .reduce((sum, term) => sum + term.ns, 0)
    // Four of 24 global blocks of 0.5 s each are gone, four frame blocks of 0.08 s came.
    expect(Math.abs(inPhase('Global_Attention') / 1e9 + 2)).toBeLessThan(0.05)
    expect(Math.abs(inPhase('Frame_Attention') / 1e9 - 0.33)).toBeLessThan(0.02)
    expect(found.base.kernels - found.candidate.kernels).toBe(32)
    expect(essence(found, false)).toEqual(essence(diff([b], [a]), true))
    const other = diff([a], [await read('vggt_report_A40.sqlite')])
    expect([other.comparable.comparable, other.speedup]).toEqual([false, null])
  })
})
