import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ledger } from '../../analysis/ledger.ts'
import { MOST_LEVELS, phaseTree, withoutCounters } from '../../analysis/phase-tree.ts'
import { phases } from '../../analysis/phases.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'

describe('phases of an iteration', () => {
  const TWICE = drawn(`
    nvtx    [step......][step......]
    nvtx    .[part..]....[part..]...
    nvtx:2  ....[other]...[other]...
    api     .a.b..c.....d..ef.......
    api:2   ......g.........h.......
    gpu0    ..ABBBCCC....DDDEF......
    gpu0.8  .......GG........HH.....`)
  const of = (choice: Parameters<typeof phases.compute>[1]) =>
    Object.fromEntries(phases.compute(TWICE, choice).phases.map((row) => [row.path, row]))

  test('the iterations of a run add up to all of it', () => {
    const [all, first, second] = [of({}), of({ iteration: 0 }), of({ iteration: 1 })]
    expect(first['step/part']).toMatchObject({ count: 1, cpuRangeNs: 8000, gpuBusyNs: 7000, kernels: 3 })
    expect(second['step/part']).toMatchObject({ count: 1, gpuBusyNs: 2000, kernels: 2 })
    for (const path of ['step', 'step/part', 'other'])
      for (const key of ['count', 'cpuRangeNs', 'gpuBusyNs', 'gpuSpanNs', 'gpuSumNs', 'kernels'] as const)
        expect(first[path]![key] + second[path]![key], `${path} ${key}`).toBe(all[path]![key])
  })

  test('of one iteration the idle time before its first op is no part, as in its ledger', () => {
    const trace = drawn(`
      nvtx  [step...][step...]
      nvtx  .[part]...[part]..
      api   .a..b.....c...d...
      gpu0  ..A..B......C...DD`)
    const idleIn = (iteration: number): number =>
      ledger
        .compute(trace, { iteration })
        .devices[0]!.owners.filter(({ owner }) => owner.startsWith('idle/'))
        .reduce((sum, { ns }) => sum + ns, 0)
    const idle = (choice: Parameters<typeof phases.compute>[1]) =>
      phases.compute(trace, choice).phases.map(({ path, gpuIdleNs }) => [path, gpuIdleNs])
    expect([idleIn(0), idleIn(1)]).toEqual([2000, 3000])
    expect(idle({ iteration: 0 })[0]).toEqual(['step', 2000])
    expect(idle({ iteration: 1 })).toEqual([
      ['step', 3000],
      ['step/part', 3000],
    ])
    // Of the whole capture nothing is left out.
    expect(idle({})[0]).toEqual(['step', 2000 + 6000 + 3000])
  })

  test('an iteration that is not there, or one beside all or the warm ones, is refused', () => {
    expect(() => of({ iteration: 2 })).toThrow(/no iteration 2; this run has 0 to 1/)
    expect(() => of({ iteration: 0, iterations: 'warm' })).toThrow(/not both/)
    expect(() => phases.compute(drawn('nvtx [a]\napi  .a\ngpu0 .A'), { iteration: 0 })).toThrow(
      /no iterations/,
    )
  })
})

test('numbers that only tell repetitions apart make no phases of their own', () => {
  const trace = drawn('nvtx [a..][b..][c..]\napi  .a...b...c..\ngpu0 ..AA..BB..CC.')
  const names: Record<string, string> = {
    a: 'aten::mul, seq = 46174, op_id = 993406',
    b: 'aten::mul, op_id = 7',
    c: 'aten::mul, seq = 8, op_id = 9, sizes = [[2, 3]]',
  }
  const strings = trace.strings.map((text) => names[text] ?? text)
  const rows = phases.compute({ ...trace, strings }, {}).phases
  expect(rows.map(({ path, count }) => [path, count])).toEqual([
    ['aten::mul', 2],
    ['aten::mul, sizes = [[2, 3]]', 1],
  ])
  expect(withoutCounters('op_id = 3')).toBe('op_id = 3')
})

sharedTest(
  'phases of one forward of the public A40 capture: 2.0 s beside 12.1 s, 11.7 s by CPU range',
  async (shared) => {
    const file = join(shared, 'traces', 'vggt-a40', 'vggt_100report_A40.sqlite')
    const rows = phases.compute(await nsysSqlite.read(file, {}), { iteration: 2 }).phases
    const row = (end: string) => rows.find(({ path }) => path.endsWith(end))!
    expect(row('Frame_Attention').gpuBusyNs / 1e9).toBeCloseTo(2.0, 1)
    expect(row('Frame_Attention').cpuRangeNs / 1e9).toBeCloseTo(11.7, 1)
    expect(row('Global_Attention').gpuBusyNs / 1e9).toBeCloseTo(12.1, 1)
    expect(row('Frame_Attention').waitedFor[0]!.phase).toBe('VGGT_Aggregator/Global_Attention')
  },
)

test('ranges nested beyond all reason are no phases of their own: they belong to the deepest that is', () => {
  const levels = MOST_LEVELS + 50
  const nested = Array.from(
    { length: levels },
    (_, i) => `nvtx    ${'.'.repeat(i)}[r${i}${'.'.repeat(2 * (levels - i) + 8 - String(i).length)}]`,
  )
  const trace = drawn(nested.join('\n'))
  const { paths, phaseOfRange, isInstance } = phaseTree(trace)
  expect(paths.length).toBe(MOST_LEVELS + 1)
  expect(Array.from(isInstance).filter((one) => one === 1)).toHaveLength(MOST_LEVELS)
  expect(new Set(phaseOfRange.slice(MOST_LEVELS - 1))).toEqual(new Set([MOST_LEVELS]))
})
