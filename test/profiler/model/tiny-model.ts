/**
 * A tiny model with random weights and images, built and run once: what many tests need. Synthetic
 * throughout.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildVggt } from '../../../profiler/model/build.ts'
import type { BuildOptions, BuiltModel } from '../../../profiler/model/built.ts'
import { configs } from '../../../profiler/model/config.ts'
import type { Output } from '../../../profiler/model/run-once.ts'
import { runOnce } from '../../../profiler/model/run-once.ts'
import { randomTensor } from '../../../profiler/model/weights/random.ts'

/** Runs something in a folder of its own, which is gone afterwards. */
export async function inFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'parallax-test-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Three frames of 56×70, seed 1, in one graph, unless said otherwise. */
export const tinyOptions = (directory: string, options: Partial<BuildOptions> = {}): BuildOptions => ({
  config: configs.tiny,
  frames: 3,
  height: 56,
  width: 70,
  weights: { kind: 'random', seed: 1 },
  variants: [],
  split: 'whole',
  directory,
  ...options,
})

/** Values in 0…1. */
export const randomImages = ({ inputShape }: BuiltModel): Float32Array =>
  randomTensor(1, { name: 'images', shape: inputShape, kind: { kind: 'token' } }).map((value) => value + 0.5)

export const runTiny = (options: Partial<BuildOptions> = {}): Promise<Map<string, Output>> =>
  inFolder(async (directory) => {
    const built = await buildVggt(tinyOptions(directory, options))
    return runOnce(built, randomImages(built))
  })
