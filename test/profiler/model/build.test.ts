import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildVggt } from '../../../profiler/model/build.ts'
import { configs } from '../../../profiler/model/config.ts'
import { modelType } from '../../../profiler/model/onnx/schema.ts'
import { outputErrors } from '../../../profiler/model/output-error.ts'
import { runOnce } from '../../../profiler/model/run-once.ts'
import { inFolder, randomImages, runTiny, tinyOptions } from './tiny-model.ts'

interface Initializer {
  readonly name: string
  readonly rawData: Uint8Array
  readonly externalData: readonly { readonly key: string; readonly value: string }[]
}

interface Node {
  readonly name: string
  readonly opType: string
  readonly attribute: readonly { readonly name: string; readonly f: number }[]
}

const decode = async (path: string) =>
  modelType.toObject(modelType.decode(await readFile(path)), { arrays: true, longs: Number }) as {
    readonly opsetImport: readonly { readonly domain: string; readonly version: number }[]
    readonly graph: { readonly initializer: readonly Initializer[]; readonly node: readonly Node[] }
  }

describe('a built model', () => {
  it('gives the same outputs in one step and in one per phase, bit for bit', async () => {
    const whole = await runTiny()
    const phases = await runTiny({ split: 'phases' })
    expect([...whole.keys()]).toEqual([
      'pose_enc',
      'depth',
      'depth_conf',
      'world_points',
      'world_points_conf',
    ])
    expect(whole.get('depth')!.shape).toEqual([1, 3, 56, 70, 1])
    expect(whole.get('world_points')!.shape).toEqual([1, 3, 56, 70, 3])
    expect(outputErrors(whole, phases).map(({ maxAbsError }) => maxAbsError)).toEqual([0, 0, 0, 0, 0])
  })

  it('gives other outputs for another seed', async () => {
    const errors = outputErrors(await runTiny(), await runTiny({ weights: { kind: 'random', seed: 2 } }))
    for (const { name, relativeError } of errors) expect(relativeError, name).toBeGreaterThan(0.5)
  })

  it('takes one frame, one patch, and patch grids of odd sides', async () => {
    for (const [frames, height, width] of [
      [1, 14, 14],
      [2, 42, 98],
      [1, 84, 84],
    ] as const) {
      const outputs = await runTiny({ frames, height, width })
      expect(outputs.get('depth_conf')!.shape).toEqual([1, frames, height, width])
      for (const { values } of outputs.values()) expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  it('gives the ViT its own LayerNorm epsilon, which no golden tensor would betray', () =>
    inFolder(async (directory) => {
      const { steps } = await buildVggt(tinyOptions(directory))
      const norms = (await decode(steps[0]!.model)).graph.node.filter(
        ({ opType }) => opType === 'LayerNormalization',
      )
      const epsilons = (part: string) => {
        const some = norms.filter(({ name }) => name.includes(part))
        return [...new Set(some.map(({ attribute }) => attribute.find(({ name }) => name === 'epsilon')!.f))]
      }
      expect(epsilons('Patch_Embedding/')).toEqual([Math.fround(1e-6)])
      expect(epsilons('Frame_Attention/')).toEqual([Math.fround(1e-5)])
      expect(epsilons('Global_Attention/')).toEqual([Math.fround(1e-5)])
      expect(epsilons('/adaptive_norm')).toEqual([Math.fround(1e-6)])
      expect(epsilons('/trunk')).toEqual([Math.fround(1e-5)])
      expect(epsilons('Depth_Head/')).toEqual([Math.fround(1e-5)])
      // ViT: 2 blocks and the final one; 8 blocks with heads' norms; camera: 2, and 5 a round; two DPT heads.
      expect(norms).toHaveLength(5 + 8 * 4 + 2 + 4 * 5 + 2 * 4)
    }))

  it('is one file while it is small', () =>
    inFolder(async (directory) => {
      const { steps } = await buildVggt(tinyOptions(directory))
      expect(steps).toHaveLength(1)
      expect(await readdir(directory)).toEqual(['vggt.onnx'])
      const model = await decode(steps[0]!.model)
      expect(model.opsetImport.map(({ version }) => version)).toEqual([20, 1])
    }))

  it('keeps large weights in one file beside its models, each tensor once and on a page of its own', () =>
    inFolder(async (directory) => {
      const config = { ...configs.tiny, embedDim: 256, dptFeatures: 128, dptOutChannels: [64, 128, 256, 256] }
      const built = await buildVggt(tinyOptions(directory, { config, split: 'phases' }))
      const places = new Map<string, number>()
      for (const { model } of built.steps) {
        for (const tensor of (await decode(model)).graph.initializer) {
          if (tensor.externalData.length === 0) continue
          const { location, offset, length } = Object.fromEntries(
            tensor.externalData.map(({ key, value }) => [key, value]),
          )
          expect(location).toBe('weights.bin')
          expect(Number(offset) % 4096).toBe(0)
          places.set(String(offset), Number(length))
        }
      }
      const used = [...places].reduce((sum, [, length]) => sum + Math.ceil(length / 4096) * 4096, 0)
      const { size } = await stat(join(directory, 'weights.bin'))
      expect(size).toBeGreaterThan(used - 4096)
      expect(size).toBeLessThanOrEqual(used)
      const whole = await runTiny({ config })
      const errors = outputErrors(whole, await runOnce(built, randomImages(built)))
      expect(errors.map(({ maxAbsError }) => maxAbsError)).toEqual([0, 0, 0, 0, 0])
    }))
})
