import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketed, quantilesOf } from '../../analysis/group-quantiles.ts'
import { groupRows } from '../../analysis/groups.ts'
import { select } from '../../analysis/statistics.ts'

/** The plain way: sorted, then interpolated between neighbours. */
function bySorting(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  if (sorted.length === 0) return NaN
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const rest = at - low
  return rest === 0 ? sorted[low]! : sorted[low]! * (1 - rest) + sorted[low + 1]! * rest
}

const value = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: -1000, max: 2 ** 45 }),
  fc.double({ min: 0, max: 10, noNaN: true }),
  fc.constant(NaN),
)
const SHARES = [0, 0.5, 0.95, 1]

function agrees(rows: readonly { group: number; value: number }[]): void {
  const groups = groupRows(rows.length, [Uint32Array.from(rows, (row) => row.group)])
  const found = quantilesOf(bucketed(Float64Array.from(rows, (row) => row.value)), groups, SHARES)
  for (const [group, row] of groups.first.entries()) {
    const mine = rows.filter((one) => one.group === rows[row]!.group).map((one) => one.value)
    expect(SHARES.map((_, k) => found[k]![group])).toEqual(SHARES.map((share) => bySorting(mine, share)))
  }
}

describe('quantiles of groups', () => {
  test('they are those of the sorted values, group by group', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ group: fc.nat(4), value }), { maxLength: 200 }), (rows) => {
        agrees(rows)
      }),
      { numRuns: 500 },
    )
  })

  test('many groups of widely spread values share wider buckets', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      group: i % 7000,
      value: (i * 2_654_435_761) % 1e12,
    }))
    agrees(rows.slice(0, 9000))
    const groups = groupRows(rows.length, [Uint32Array.from(rows, (row) => row.group)])
    const [median] = quantilesOf(bucketed(Float64Array.from(rows, (row) => row.value)), groups, [0.5])
    const inFirst = rows.filter((row) => row.group === 0).map((row) => row.value)
    expect(median![0]).toBe(bySorting(inFirst, 0.5))
  })
})

test('selecting puts every rank where sorting would, in long stretches too', () => {
  const column = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3000, size: 'max' }),
    fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3000, size: 'max' }),
    fc.integer({ min: 1, max: 3000 }).map((length) => Array.from({ length }, (_, i) => i % 700)),
  )
  fc.assert(
    fc.property(column, fc.nat(), (values, seed) => {
      const found = Float64Array.from(values)
      const at = seed % values.length
      select(found, 0, found.length - 1, at)
      const sorted = Float64Array.from(values).sort()
      // −0 sorts before 0, and is no smaller.
      expect(found[at]! + 0).toBe(sorted[at]! + 0)
      for (let i = 0; i < found.length; i++)
        if (i < at ? found[i]! > found[at]! : found[i]! < found[at]!) expect.fail(`${i} is on the wrong side`)
      expect([...found].map((value) => value + 0).sort((a, b) => a - b)).toEqual(
        [...sorted].map((value) => value + 0),
      )
    }),
    { numRuns: 300 },
  )
})
