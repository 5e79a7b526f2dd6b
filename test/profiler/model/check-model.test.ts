import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkModel } from '../../../profiler/check-model.ts'
import { readConfig } from '../../../profiler/model/config-file.ts'
import { designVggt } from '../../../profiler/model/design.ts'
import { randomTensor, randomWeights } from '../../../profiler/model/weights/random.ts'
import { SafetensorsFile } from '../../../profiler/model/weights/safetensors.ts'
import type { TestTensor } from '../write-safetensors.ts'
import { writeSafetensors } from '../write-safetensors.ts'
import { inFolder } from './tiny-model.ts'

/** What PyTorch gave for seed 1 and a config unlike any of ours: see fixtures/golden/make.py. */
const odd = join(import.meta.dirname, '../../../fixtures/golden/odd')

/** A golden folder made of the fixture and the weights its seed stands for. */
const inGoldenFolder = (work: (folder: string) => Promise<void>): Promise<void> =>
  inFolder(async (directory) => {
    const folder = join(directory, 'odd')
    await mkdir(folder)
    for (const name of ['config.json', 'io.safetensors']) await copyFile(join(odd, name), join(folder, name))
    const { config, frames, height, width } = await readConfig(join(odd, 'config.json'))
    const size = { frames: frames!, height: height!, width: width! }
    const { requests } = designVggt({ config, ...size, variants: [], split: 'whole' }, randomWeights(1))
    const weights = requests.map((request) => [
      request.name,
      { shape: request.shape, values: randomTensor(1, request) },
    ])
    await writeSafetensors(join(folder, 'weights.safetensors'), Object.fromEntries(weights))
    await work(folder)
  })

/** Rewrites the folder's expected outputs. */
const changeGolden = async (folder: string, change: (tensors: Record<string, TestTensor>) => void) => {
  const path = join(folder, 'io.safetensors')
  const file = await SafetensorsFile.open(path)
  const tensors: Record<string, TestTensor> = {}
  for (const [name, { shape }] of file.tensors) tensors[name] = { shape, values: await file.read(name) }
  await file.close()
  change(tensors)
  await writeSafetensors(path, tensors)
}

describe('the golden check of a model of another shape', () => {
  for (const attention of ['mha', 'onnx23', 'decomposed'] as const) {
    it(`agrees with PyTorch, with attention as ${attention}`, () =>
      inGoldenFolder(async (folder) => {
        const { outputs, ok, tolerance } = await checkModel(folder, { attention })
        expect(outputs).toHaveLength(8)
        for (const { name, maxAbsError } of outputs) expect(maxAbsError, name).toBeLessThan(tolerance / 4)
        expect(ok).toBe(true)
      }))
  }

  it('fails on an expected value that is off, and on one that is not a number', () =>
    inGoldenFolder(async (folder) => {
      await changeGolden(folder, ({ depth }) => ((depth!.values as Float32Array)[7]! += 2e-4))
      const off = await checkModel(folder)
      expect(off.ok).toBe(false)
      expect(off.outputs.find(({ name }) => name === 'depth')!.maxAbsError).toBeCloseTo(2e-4, 5)
      await changeGolden(folder, ({ depth }) => ((depth!.values as Float32Array)[7] = Number.NaN))
      expect((await checkModel(folder)).ok).toBe(false)
    }))

  it('takes images without a batch', () =>
    inGoldenFolder(async (folder) => {
      await changeGolden(folder, (tensors) => {
        tensors['images'] = { ...tensors['images']!, shape: tensors['images']!.shape.slice(1) }
      })
      expect((await checkModel(folder)).ok).toBe(true)
    }))

  it('says what is missing from a folder', () =>
    inGoldenFolder(async (folder) => {
      await changeGolden(folder, (tensors) => (tensors['track'] = { shape: [1], values: Float32Array.of(1) }))
      await expect(checkModel(folder)).rejects.toThrow(
        /io\.safetensors: the model has no output track; it has pose_enc,/,
      )
      await writeSafetensors(join(folder, 'io.safetensors'), {
        depth: { shape: [1], values: Float32Array.of(1) },
      })
      await expect(checkModel(folder)).rejects.toThrow('it has no tensor images')
      await rm(join(folder, 'io.safetensors'))
      await expect(checkModel(folder)).rejects.toThrow('io.safetensors: cannot be opened')
      await writeFile(join(folder, 'config.json'), '{}')
      await expect(checkModel(folder)).rejects.toThrow('config.json: img_size must be a whole number')
    }))
})
