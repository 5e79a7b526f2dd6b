import { expect, test } from 'vitest'
import { alignmentOf } from '../../../analysis/timeline/alignment.ts'
import { diff, diffOf, pooledPair } from '../../../analysis/diff/diff.ts'
import { notesOf } from '../../../export/diff-report.ts'
import { formatOf } from '../../../parsers/detect.ts'
import { formats } from '../../../parsers/index.ts'
import type { Trace } from '../../../trace/trace.ts'
import { drawn } from '../../drawn-trace.ts'
import { sharedTest, tracesIn } from '../../shared.ts'

/** Two devices that worked for so many columns each, as in a file that does not name them. */
function two(first: number, second: number, device: Partial<Trace['device']> = {}): Trace {
  const trace = drawn(
    `gpu0  ${'A'.repeat(first).padEnd(20, '.')}\ngpu1  ${'B'.repeat(second).padEnd(20, '.')}`,
  )
  return { ...trace, device: { ...trace.device, name: undefined, ...device } as Trace['device'] }
}
const ids = ({ base, candidate }: ReturnType<typeof diff>): number[] => [base.deviceId, candidate.deviceId]

test('the candidate is held against the base on the device of the same number, though another was busier', () => {
  const [a, b] = [two(9, 8), two(8, 9)]
  const found = diff([a], [b])
  expect(ids(found)).toEqual([0, 0])
  expect(found.comparable).toMatchObject({ score: 1, comparable: true, differences: [] })
  expect(found.comparable.unknown).toContain('GPU')
  expect(notesOf({ diff: found } as Parameters<typeof notesOf>[0])[0]).toMatch(/candidate’s busiest is 1 \(/)
  expect(ids(diff([b], [a]))).toEqual([1, 1])
  expect(alignmentOf(a, b).candidate.device).toBe(0)
  expect(ids(diffOf(...pooledPair([a], [b], undefined, 1)))).toEqual([1, 1])
})

test('several captures of a side are all of one device', () => {
  const found = diff([two(9, 8), two(8, 9)], [two(8, 9)])
  expect(ids(found)).toEqual([0, 0])
})

test('where the device of that number did nothing, the candidate’s busiest is taken, and its number is no difference', () => {
  const found = diff([two(9, 0)], [two(0, 9)])
  expect(ids(found)).toEqual([0, 1])
  expect(found.comparable).toMatchObject({ comparable: true, differences: [] })
})

test('hardware that is told without a name still tells two devices apart', () => {
  const sms = (...counts: number[]) => ({ smCount: Uint32Array.from(counts) })
  const found = diff([two(9, 0, sms(108, 108))], [two(9, 0, sms(84, 84))])
  expect(found.comparable.differences).toMatchObject([
    { what: 'GPU', base: 'unnamed, 108 SMs', candidate: 'unnamed, 84 SMs' },
  ])
  expect(found.comparable.comparable).toBe(false)
})

sharedTest('two real runs on the same two GPUs are comparable', async () => {
  const read = (ending: string): Promise<Trace> => {
    const [path] = tracesIn('nsys', ending) as [string]
    return formatOf(path, formats).read(path, {})
  }
  const found = diff([await read('2gpu_before.sqlite')], [await read('2gpu_after.sqlite')])
  expect(found.comparable).toMatchObject({ score: 1, comparable: true, differences: [] })
  expect(ids(found)).toEqual([0, 0])
  expect(found.speedup).not.toBeNull()
})
