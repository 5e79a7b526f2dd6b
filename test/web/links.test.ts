import { expect, test } from 'vitest'
import { alignmentOf } from '../../analysis/timeline/alignment.ts'
import { DELTA_CLASSES } from '../../draw/timeline/delta.ts'
import { plantedPair } from '../../fixtures/generate/pair.ts'
import { Links } from '../../web/views/timeline/links.ts'

const RUNS = [5, 9] as const
const linked = (edit: 'fuse' | 'drop a phase') => {
  const pair = plantedPair(edit, 7)
  const alignment = alignmentOf(pair.base.trace, pair.candidate.trace)
  return { alignment, links: new Links(RUNS, alignment) }
}

test('eight launches that became one are all framed for the one, and the one for each of them', () => {
  const { alignment, links } = linked('fuse')
  const group = alignment.groupNs.findIndex(
    (_, k) => alignment.base.group.filter((one) => one === k).length === 8,
  )
  const mine = alignment.base.row.filter((_, i) => alignment.base.group[i] === group)
  const [one] = alignment.candidate.row.filter((_, i) => alignment.candidate.group[i] === group)
  const rows = (run: number, of: number, row: number): number[] =>
    links.partnersIn(run, { run: of, table: 'device_op', row }).map((found) => found.row)
  expect(rows(5, 9, one!)).toEqual(mine)
  for (const row of mine) expect(rows(9, 5, row)).toEqual([one])
  expect(links.sentence({ run: 5, table: 'device_op', row: mine[0]! })).toMatch(/^matched \(8 ↔ 1\): /)
  // A tenth less time was planted.
  const cls = links.recolour(5).of(mine[0]!)
  expect(DELTA_CLASSES[cls]).toBe('delta/faster-1')
})

test('work of one side alone, and work outside the aligned iteration, are told apart', () => {
  const { alignment, links } = linked('drop a phase')
  const alone = alignment.base.row.find((_, i) => alignment.base.group[i] === -1)!
  expect(links.unmatched(5).has(alone)).toBe(true)
  expect(links.unmatched(9).spans).toEqual([])
  expect(links.sentence({ run: 5, table: 'device_op', row: alone })).toBe('no match in the candidate')
  expect(links.partnersIn(9, { run: 5, table: 'device_op', row: alone })).toEqual([])
  const outside = alignment.base.row.at(-1)! + 1
  expect(links.sentence({ run: 5, table: 'device_op', row: outside })).toBe('outside the aligned iteration')
  expect(DELTA_CLASSES[links.recolour(5).of(outside)]).toBe('delta/outside')
})
