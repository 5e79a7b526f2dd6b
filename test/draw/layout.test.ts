import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { icicle } from '../../draw/icicle.ts'
import { busyClasses, idleCauses } from '../../draw/palette.ts'
import { busyAndIdle, stack } from '../../draw/stack.ts'
import { timeTicks } from '../../draw/ticks.ts'

const owners = fc
  .uniqueArray(fc.constantFrom(...busyClasses.map((c) => `busy/${c}`), ...idleCauses.map((c) => `idle/${c}`)))
  .chain((names) =>
    fc
      .array(fc.nat(10_000_000_000), { minLength: names.length, maxLength: names.length })
      .map((times) => names.map((owner, i) => ({ owner, ns: times[i] }))),
  )

describe('a ledger’s bar', () => {
  it('is as long as the wall time, to the nanosecond, without a hole', () => {
    fc.assert(
      fc.property(owners, (list) => {
        const wall = list.reduce((sum, { ns }) => sum + ns, 0)
        const parts = stack(list)
        expect(parts.at(-1)?.toNs ?? 0).toBe(wall)
        parts.forEach((part, i) => expect(part.fromNs).toBe(parts[i - 1]?.toNs ?? 0))
        const { busyNs, idleNs } = busyAndIdle(list)
        expect(busyNs + idleNs).toBe(wall)
      }),
    )
  })

  it('stacks in one order, whatever order the owners come in', () => {
    const list = [
      { owner: 'idle/host-work', ns: 5 },
      { owner: 'busy/gemm', ns: 3 },
      { owner: 'busy/attention', ns: 2 },
      { owner: 'busy/layout', ns: 0 },
    ]
    expect(stack(list).map((part) => part.owner)).toEqual(['busy/attention', 'busy/gemm', 'idle/host-work'])
    expect(stack(list.toReversed())).toEqual(stack(list))
  })
})

describe('an icicle', () => {
  const rows = [
    { path: 'F', t: 10 },
    { path: 'F/a', t: 4 },
    { path: 'F/b', t: 3 },
    { path: 'F/b/x', t: 3 },
    { path: 'lost/child', t: 2 },
  ]
  it('puts each phase inside its parent and a lost one at the root', () => {
    expect(icicle(rows, (row) => row.t).map(({ name, depth, from, to }) => [name, depth, from, to])).toEqual([
      ['F', 0, 0, 10],
      ['a', 1, 0, 4],
      ['b', 1, 4, 7],
      ['x', 2, 4, 7],
      ['lost/child', 0, 10, 12],
    ])
  })
  it('shrinks children that together exceed their parent', () => {
    const boxes = icicle(
      [
        { path: 'F', t: 2 },
        { path: 'F/a', t: 3 },
        { path: 'F/b', t: 1 },
      ],
      (row) => row.t,
    )
    expect(boxes.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [0, 1.5],
      [1.5, 2],
    ])
  })
})

describe('a time axis', () => {
  it('has round marks with short labels', () => {
    expect(timeTicks(0, 17_338_000_000, 4).map((tick) => tick.label)).toEqual(['0', '5 s', '10 s', '15 s'])
    expect(timeTicks(0, 2_600_000, 5).map((tick) => tick.label)).toEqual([
      '0',
      '0.5 ms',
      '1 ms',
      '1.5 ms',
      '2 ms',
      '2.5 ms',
    ])
    expect(timeTicks(0, 1800e9, 3).map((tick) => tick.label)).toEqual(['0', '10 min', '20 min', '30 min'])
  })
  it('has none for an empty window', () => expect(timeTicks(5, 5, 4)).toEqual([]))
})
