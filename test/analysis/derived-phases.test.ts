import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withDerivedPhases } from '../../analysis/derived-phases.ts'
import { kernels } from '../../analysis/kernels.ts'
import { launches } from '../../analysis/launches.ts'
import { ledger } from '../../analysis/ledger.ts'
import { phases } from '../../analysis/phases.ts'
import { roofline } from '../../analysis/roofline.ts'
import { syncs } from '../../analysis/syncs.ts'
import { run } from '../../analysis/analysis.ts'
import { VGGT_SHAPES } from '../../analysis/vggt-work.ts'
import { nsysSqlite } from '../../parsers/nsys/index.ts'
import { tableBuilders } from '../../trace/builders.ts'
import type { Trace } from '../../trace/trace.ts'
import { bareForwards } from '../bare-forwards.ts'
import { drawn } from '../drawn-trace.ts'
import { sharedTest } from '../shared.ts'

const shape = VGGT_SHAPES['1b']!

describe('by place between blocks', () => {
  const rows = (trace: Trace) =>
    phases
      .compute(trace, {})
      .phases.map(({ path, source, count, kernels: number }) => [path, source, count, number])

  test('what is launched before the first block is the embedding, after the last one the heads', () => {
    const trace = drawn(`
      nvtx  [VGGT....................................]
      nvtx  .......[Frame_Attention][Global_Block]....
      api   .ab......c....d...........e...........f...
      gpu0  ..AABBB...CCCC.DD..........EEEE........FF.`)
    expect(rows(trace)).toEqual([
      ['VGGT', 'range', 1, 6],
      ['VGGT/(patch embedding)', 'place between blocks', 1, 2],
      ['VGGT/Frame_Attention', 'range', 1, 2],
      ['VGGT/Global_Block', 'range', 1, 1],
      ['VGGT/(heads)', 'place between blocks', 1, 1],
    ])
    // The time that others ask for by the same name.
    expect(ledger.compute(trace, { phase: 'VGGT/(patch embedding)' }).devices[0]!.wallNs).toBe(5000)
    expect(kernels.compute(trace, { phase: 'VGGT/(heads)' }).kernels.map(({ name }) => name)).toEqual([
      'kernel F',
    ])
    expect(launches.compute(trace, { phase: 'VGGT/(heads)' }).total.launches).toBe(1)
  })

  test('a phase is named by the end of its path, where only one ends so', () => {
    const trace = drawn(`
      nvtx  [VGGT....................................]
      nvtx  .......[Frame_Attention][Global_Block]....
      nvtx  ........[mlp]............[mlp]............
      api   .ab......c...............d............f...
      gpu0  ..AABBB...CCCC............DD...........FF.`)
    const wall = (phase: string) => ledger.compute(trace, { phase }).devices[0]!.wallNs
    expect(wall('Global_Block')).toBe(wall('VGGT/Global_Block'))
    expect(wall('(heads)')).toBe(wall('VGGT/(heads)'))
    expect(() => wall('mlp')).toThrow(
      'several phases end in "mlp": VGGT/Frame_Attention/mlp, VGGT/Global_Block/mlp; name one by its whole path',
    )
    expect(() => wall('outside ranges')).toThrow('no phase "outside ranges"')
  })

  test('waits inside one are asked for by its name', () => {
    const trace = drawn(`
      nvtx  [VGGT....................................]
      nvtx  .......[Frame_Attention][Global_Block]....
      api   .aSSbb...c...d...........e...........f..
      gpu0  ..AA..BB.CCCC.DD.........EEEE........FF.`)
    const ask = (phase: string) => {
      const { syncs: found, count } = syncs.compute(trace, { phase })
      return [count, found.map((row) => [row.phase, row.waitedFor])]
    }
    expect(ask('VGGT/(patch embedding)')).toEqual([
      1,
      [['VGGT/(patch embedding)', [{ phase: 'VGGT/(patch embedding)', ns: 2000 }]]],
    ])
    expect(ask('VGGT/Frame_Attention')).toEqual([0, []])
    expect(() => ask('VGGT/(neck)')).toThrow('no phase "VGGT/(neck)"')
    expect(() => syncs.compute(trace, { iteration: 3 })).toThrow('iteration')
  })

  test('a recorded phase there is left as it is, and nothing is added around it', () => {
    const trace = drawn(`
      nvtx  [VGGT....................................]
      nvtx  ..[my own]..............................
      nvtx  ...........[Frame_Attention][Global_Block].
      api   .a..b.....c..d...............e...........
      gpu0  ..AA.BB....CCDD...............EE..........`)
    expect(rows(trace).map(([path]) => path)).toEqual([
      'VGGT',
      'VGGT/my own',
      'VGGT/Frame_Attention',
      'VGGT/Global_Block',
    ])
    expect(withDerivedPhases(trace)).toBe(trace)
  })
})

describe('by attention grids', () => {
  const of = (trace: Trace) =>
    Object.fromEntries(phases.compute(trace, {}).phases.map((row) => [row.path, [row.count, row.kernels]]))

  test('two forwards of bare kernels have all their parts', () => {
    const trace = bareForwards(2)
    expect(of(trace)).toEqual({
      '(forward)': [2, 2 * (2 + 6 * shape.vitDepth + 1 + 16 * shape.depth + 10) + 1],
      // The cast, the convolution, the ViT and its last normalisation.
      '(forward)/(patch embedding)': [2, 2 * (2 + 6 * shape.vitDepth + 1)],
      '(forward)/(frame attention)': [2 * shape.depth, 2 * 8 * shape.depth],
      '(forward)/(global attention)': [2 * shape.depth, 2 * 8 * shape.depth],
      // With the op that scales the second forward's images.
      '(forward)/(heads)': [2, 2 * 10 + 1],
    })
    for (const { source } of phases.compute(trace, {}).phases) expect(source).toBe('attention grids')
    // They are iterations, too.
    expect(phases.compute(trace, { iteration: 1 }).phases[0]).toMatchObject({ path: '(forward)', count: 1 })
    expect(run(roofline, trace, {}).phases.map(({ path }) => path)).toEqual(Object.keys(of(trace)))
  })

  test('forwards that are not whole have none, and a capture without any says what it needs', () => {
    const whole = bareForwards(1)
    const cut = {
      ...whole,
      device_op: { ...whole.device_op, gridZ: whole.device_op.gridZ!.map((z, i) => (i > 60 ? z : 1)) },
    }
    expect(withDerivedPhases(cut)).toBe(cut)
    const meta = { ...cut.meta, recorded: cut.meta.recorded.filter((name) => name !== 'range') }
    for (const analysis of [phases, roofline])
      expect(() => run<Record<string, never>, unknown>(analysis as never, { ...cut, meta }, {})).toThrow(
        /needs range/,
      )
  })
})

sharedTest('public A40 captures without their ranges have the same phases, told by grids', async (shared) => {
  for (const name of ['vggt_100report_A40', 'vggt_report_A40']) {
    const trace = await nsysSqlite.read(join(shared, 'traces', 'vggt-a40', `${name}.sqlite`), {})
    const bare: Trace = {
      ...trace,
      range: tableBuilders().range.finish(),
      api_call: { ...trace.api_call, range: undefined },
    }
    const rows = (of: Trace) => phases.compute(of, {}).phases
    const row = (of: Trace, end: string) => rows(of).find(({ path }) => path.endsWith(end))!
    for (const [ranged, told] of [
      ['Frame_Attention', '(frame attention)'],
      ['Global_Attention', '(global attention)'],
    ] as const)
      for (const key of ['count', 'gpuBusyNs', 'gpuSumNs', 'kernels', 'ops'] as const)
        expect(row(bare, told)[key], `${told} ${key}`).toBe(row(trace, ranged)[key])
    for (const part of ['(patch embedding)', '(heads)'])
      expect(row(bare, part).gpuBusyNs / row(trace, part).gpuBusyNs).toBeCloseTo(1, 2)
    const bounds = (of: Trace) => roofline.compute(of, {}).phases.map(({ bound }) => bound)
    expect(bounds(bare)).toEqual(bounds(trace))
  }
})
