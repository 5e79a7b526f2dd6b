import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VggtConfig } from '../../../profiler/model/config.ts'
import { configs } from '../../../profiler/model/config.ts'
import type { DesignOptions } from '../../../profiler/model/design.ts'
import { designVggt } from '../../../profiler/model/design.ts'
import { randomWeights } from '../../../profiler/model/weights/random.ts'

const design = (options: Partial<DesignOptions> = {}) =>
  designVggt(
    { config: configs.tiny, frames: 3, height: 56, width: 70, variants: [], split: 'whole', ...options },
    randomWeights(1),
  )

const nodesOf = (options?: Partial<DesignOptions>) =>
  design(options).drafts.flatMap(({ graph }) => graph.nodes)

const phases = /^(Patch_Embedding|(Frame|Global)_Attention\/\w+_blocks\.\d+|(Camera|Depth|Point)_Head)\//

/** TFLOP of patch embedding and aggregator in the published size. */
const tera = (frames: number) => {
  const { drafts } = design({ config: configs['1b'], frames, height: 518, width: 518, split: 'phases' })
  const heads = drafts.filter(({ phase }) => phase.endsWith('_Head'))
  const all = drafts.reduce((sum, { graph }) => sum + graph.flops, 0)
  return (all - heads.reduce((sum, { graph }) => sum + graph.flops, 0)) / 1e12
}

const wrong = (change: Partial<VggtConfig>) => () => design({ config: { ...configs.tiny, ...change } })

describe('the design of a model', () => {
  it('names every node by its phase', () => {
    const strays = nodesOf().filter(({ name }) => !phases.test(name))
    expect(strays).toEqual([])
  })

  it('names what a person looks for', () => {
    const names = nodesOf().map(({ name }) => name)
    expect(names).toContain('Frame_Attention/frame_blocks.3/attn/qkv')
    expect(names).toContain('Global_Attention/global_blocks.0/attn/attention')
    expect(names).toContain('Camera_Head/round.3/pose_branch/fc2')
  })

  it('has one step per phase instance, each fed by those before it', () => {
    const { drafts, outputs } = design({ split: 'phases' })
    expect(drafts.map(({ phase, label }) => `${phase}/${label}`)).toEqual([
      'Patch_Embedding/patch_embed',
      ...[0, 1, 2, 3].flatMap((i) => [
        `Frame_Attention/frame_blocks.${i}`,
        `Global_Attention/global_blocks.${i}`,
      ]),
      'Camera_Head/camera_head',
      'Depth_Head/depth_head',
      'Point_Head/point_head',
    ])
    const known = new Set(['images'])
    for (const draft of drafts) {
      for (const name of draft.inputs) expect(known, `${draft.label} reads ${name}`).toContain(name)
      for (const name of draft.outputs) known.add(name)
    }
    for (const name of outputs) expect(known).toContain(name)
  })

  it('needs as many operations as the formula says, for every size', () => {
    const sizes = fc.record({
      frames: fc.integer({ min: 1, max: 20 }),
      rows: fc.integer({ min: 1, max: 40 }),
      columns: fc.integer({ min: 1, max: 40 }),
    })
    fc.assert(
      fc.property(sizes, ({ frames, rows, columns }) => {
        const { drafts } = design({ frames, height: 14 * rows, width: 14 * columns, split: 'phases' })
        const flops = (phase: string) =>
          drafts.filter((draft) => draft.phase === phase).reduce((sum, { graph }) => sum + graph.flops, 0)
        const { embedDim: c, depth } = configs.tiny
        const perFrame = rows * columns + 5
        const total = frames * perFrame
        // 24·T·C² for the linear layers, 4·N²·C for each group of N tokens that attend to each other.
        expect(flops('Frame_Attention')).toBe(depth * (24 * total * c ** 2 + 4 * frames * perFrame ** 2 * c))
        expect(flops('Global_Attention')).toBe(depth * (24 * total * c ** 2 + 4 * total ** 2 * c))
      }),
      { numRuns: 25 },
    )
  })

  it('needs 3.05 TFLOP for one frame of 518×518 in the published aggregator, 34.8 for eight', () => {
    expect(tera(1)).toBeCloseTo(3.05, 2)
    expect(tera(8)).toBeCloseTo(34.8, 1)
  })

  it('says which size is not a whole number of patches, and the nearest that is', () => {
    expect(() => design({ width: 75 })).toThrow(
      'width: 75 is not a multiple of the patch size 14; 70 is the nearest',
    )
    expect(() => design({ height: 0 })).toThrow(
      'height: 0 is not a multiple of the patch size 14; 14 is the nearest',
    )
    expect(() => design({ frames: 0 })).toThrow('frames: 0 is not a number of frames; give 1 or more')
    expect(() => design({ variants: ['res:60x70'] })).toThrow('height: 60 is not')
  })

  it('refuses configs no model can have', () => {
    expect(wrong({ numHeads: 3 })).toThrow('embed_dim must be a multiple of 4 · num_heads')
    expect(wrong({ dptLayers: [0, 1, 2, 4] })).toThrow('dpt_layers must be below depth')
    expect(wrong({ dptLayers: [0, 1, 2] })).toThrow('dpt_layers must name four layers')
  })
})

const shared = process.env['PARALLAX_SHARED']

describe.skipIf(!shared)('the 1b design (skipped where PARALLAX_SHARED names no folder)', () => {
  it("asks for the official tensors, by name and shape: all but the tracking head's and the unused mask token", () => {
    const path = join(shared!, 'vggt', 'state_dict_shapes.json')
    const official = new Map(JSON.parse(readFileSync(path, 'utf8')) as [string, number[]][])
    const { requests, parameters } = design({ config: configs['1b'], frames: 2, height: 518, width: 518 })
    for (const { name, shape } of requests) expect(official.get(name), name).toEqual(shape)
    const asked = new Set(requests.map(({ name }) => name))
    const left = [...official.keys()].filter((name) => !asked.has(name) && !name.startsWith('track_head.'))
    expect(left).toEqual(['aggregator.patch_embed.mask_token'])
    expect(asked.size).toBe(1797 - 58 - 336 - 1)
    expect(parameters).toBe(1_256_537_516 - 22_834_048 - 43_107_348 - 1024)
  })
})
