import { describe, expect, test } from 'vitest'
import { VGGT_SHAPES, vggtWork } from '../../analysis/vggt-work.ts'
import type { VggtPart } from '../../analysis/vggt-work.ts'
import { configs } from '../../profiler/model/config.ts'
import type { ModelName } from '../../profiler/model/config.ts'
import { designVggt } from '../../profiler/model/design.ts'
import { randomWeights } from '../../profiler/model/weights/random.ts'

const PHASES: Record<string, VggtPart> = {
  Patch_Embedding: 'Patch embedding',
  Frame_Attention: 'Frame attention',
  Global_Attention: 'Global attention',
  Camera_Head: 'Camera head',
  Depth_Head: 'Depth head',
  Point_Head: 'Point head',
}
const shape = VGGT_SHAPES['1b']!
const tera = (part: VggtPart, frames: number, rows: number, columns: number): number =>
  vggtWork(part, shape, { frames, rows, columns }).flops / 1e12
const aggregator = (frames: number, rows: number, columns: number): number =>
  (['Patch embedding', 'Frame attention', 'Global attention'] as const).reduce(
    (sum, part) => sum + tera(part, frames, rows, columns),
    0,
  )

describe('the arithmetic of VGGT', () => {
  test.each(Object.keys(configs) as ModelName[])(
    '%s: is that of the graphs we build, part by part',
    (name) => {
      const sizes = name === '1b' ? [[2, 350, 518]] : [[1, 56, 70], [3, 70, 126]] // prettier-ignore
      for (const [frames, height, width] of sizes as [number, number, number][]) {
        const built = designVggt(
          { config: configs[name], frames, height, width, variants: [], split: 'phases' },
          randomWeights(1),
        )
        const found: Partial<Record<VggtPart, number>> = {}
        for (const { phase, graph } of built.drafts)
          found[PHASES[phase]!] = (found[PHASES[phase]!] ?? 0) + graph.flops
        for (const part of Object.values(PHASES))
          expect(
            vggtWork(part, VGGT_SHAPES[name]!, { frames, rows: height / 14, columns: width / 14 }).flops,
            part,
          ).toBe(found[part])
      }
    },
  )

  test('of the published model is as large as worked out by hand', () => {
    // TFLOP of the aggregator by frames, for 350×518 and 518×518.
    for (const [frames, wide, square] of [
      [1, 1.94, 3.05],
      [10, 27.1, 47.2],
      [100, 1036, 2142],
    ] as const) {
      expect(aggregator(frames, 25, 37) / wide).toBeCloseTo(1, 2)
      expect(aggregator(frames, 37, 37) / square).toBeCloseTo(1, 2)
    }
    expect(tera('Patch embedding', 100, 37, 37)).toBeCloseTo(102, 0)
    expect(tera('Global attention', 100, 37, 37)).toBeCloseTo(1939, 0)
    expect(tera('Camera head', 1, 37, 37)).toBeCloseTo(0.002, 3)
    expect(tera('Depth head', 1, 37, 37)).toBeCloseTo(0.3, 2)
    expect(tera('Point head', 1, 25, 37)).toBeCloseTo(0.2, 2)
  })

  test('the least bytes of a head are near two for each of its published parameters', () => {
    const weightsOf = (part: VggtPart): number => {
      const one = vggtWork(part, shape, { frames: 1, rows: 37, columns: 37 }).bytes
      const two = vggtWork(part, shape, { frames: 2, rows: 37, columns: 37 }).bytes
      return (2 * one - two) / 2
    }
    // Without biases and norms.
    for (const [part, parameters] of [
      ['Camera head', 216_174_610],
      ['Depth head', 32_654_562],
      ['Point head', 32_654_628],
    ] as const) {
      expect(weightsOf(part)).toBeLessThanOrEqual(parameters)
      expect(weightsOf(part) / parameters).toBeGreaterThan(0.998)
    }
  })
})
