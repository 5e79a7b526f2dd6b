import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instanceSets, setsWith } from '../../analysis/instance-sets.ts'
import { phaseTree } from '../../analysis/phase-tree.ts'
import { opsOfRange } from '../../analysis/projection.ts'
import type { Trace } from '../../trace/trace.ts'
import { drawn } from '../drawn-trace.ts'
import { randomParts, traceOf } from '../random-trace.ts'

/** Names of the instances around each op. */
function namesAround(trace: Trace): string[] {
  const { of, first, member } = instanceSets(trace)
  const { paths, phaseOfRange } = phaseTree(trace)
  return [...of].map((set) =>
    [...member.subarray(first[set]!, first[set + 1]!)].map((row) => paths[phaseOfRange[row]!]!).join(' '),
  )
}

describe('sets of phase instances', () => {
  test('an op belongs to every range that its launch lies in', () => {
    const trace = drawn(`
      nvtx  [step..............]
      nvtx  ..[layer..]
      api   a..b...c.......d......e
      gpu0  ..AA..BB..CC.....DD......EE`)
    expect(namesAround(trace)).toEqual(['step', 'step step/layer', 'step step/layer', 'step', ''])
  })

  test('they say the same as asking range by range, where ranges cross too', () => {
    fc.assert(
      fc.property(randomParts, (parts) => {
        const trace = traceOf(parts)
        const { isInstance } = phaseTree(trace)
        const instances = [...isInstance.keys()].filter((row) => isInstance[row] === 1)
        const { of } = instanceSets(trace)
        for (const row of instances) {
          const isInside = setsWith(trace, row)
          const ops = [...of.keys()].filter((op) => isInside[of[op]!] === 1)
          expect(ops).toEqual([...opsOfRange(trace, row)])
        }
      }),
      { numRuns: 1000 },
    )
  })
})
