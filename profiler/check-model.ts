/**
 * The golden check: a folder of weights, inputs and expected outputs against the model built for its config.
 */
import { join } from 'node:path'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { UserError } from '../trace/errors.ts'
import { buildVggt } from './model/build.ts'
import type { AttentionForm, BuildOptions, VariantId } from './model/built.ts'
import { readConfig } from './model/config-file.ts'
import { errorOf } from './model/output-error.ts'
import type { Output } from './model/run-once.ts'
import { runOnce } from './model/run-once.ts'
import { SafetensorsFile } from './model/weights/safetensors.ts'

/** Largest absolute difference from a golden output that passes. */
export const goldenTolerance = 1e-4

export interface CheckOptions {
  readonly attention?: AttentionForm
  readonly split?: BuildOptions['split']
  readonly variants?: readonly VariantId[]
}

export interface ModelCheck {
  readonly outputs: readonly { readonly name: string; readonly maxAbsError: number }[]
  readonly tolerance: number
  /** Every golden output is there and within the tolerance. */
  readonly ok: boolean
}

/**
 * Reads `config.json`, `weights.safetensors` and `io.safetensors` (`images` and the expected outputs, by
 * name) from the folder, builds the ONNX model and runs it on the CPU. Throws a UserError for a folder that
 * is not like that.
 */
export async function checkModel(folder: string, options: CheckOptions = {}): Promise<ModelCheck> {
  const { config } = await readConfig(join(folder, 'config.json'))
  const golden = await readGolden(join(folder, 'io.safetensors'))
  const directory = await mkdtemp(join(tmpdir(), 'parallax-check-'))
  try {
    const [, frames, , height, width] = golden.images.shape as [number, number, number, number, number]
    const built = await buildVggt({
      config,
      frames,
      height,
      width,
      weights: { kind: 'safetensors', path: join(folder, 'weights.safetensors') },
      variants: options.variants ?? [],
      attention: options.attention,
      split: options.split ?? 'whole',
      directory,
      golden: true,
    })
    const actual = await runOnce(built, golden.images.values)
    const outputs = [...golden.outputs].map(([name, expected]) => {
      const made = actual.get(name)
      if (!made) {
        const known = [...actual.keys()].join(', ')
        throw new UserError(
          'bad-input',
          `${folder}/io.safetensors: the model has no output ${name}; it has ${known}`,
        )
      }
      return { name, maxAbsError: errorOf(expected, made).maxAbsError }
    })
    const ok = outputs.every(({ maxAbsError }) => maxAbsError <= goldenTolerance)
    return { outputs, tolerance: goldenTolerance, ok }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

interface Golden {
  readonly images: Output
  readonly outputs: ReadonlyMap<string, Output>
}

async function readGolden(path: string): Promise<Golden> {
  const file = await SafetensorsFile.open(path)
  try {
    const outputs = new Map<string, Output>()
    for (const [name, { shape }] of file.tensors) outputs.set(name, { shape, values: await file.read(name) })
    const images = outputs.get('images')
    const shape = images?.shape.length === 4 ? [1, ...images.shape] : images?.shape
    if (!images || shape?.length !== 5 || shape[0] !== 1 || shape[2] !== 3) {
      const what = images ? `images is ${images.shape.join('x')}` : 'it has no tensor images'
      throw new UserError(
        'bad-input',
        `${path}: ${what}; it must hold images as 1 x frames x 3 x height x width`,
      )
    }
    outputs.delete('images')
    if (outputs.size === 0)
      throw new UserError('bad-input', `${path}: holds no expected outputs beside images`)
    return { images: { shape, values: images.values }, outputs }
  } finally {
    await file.close()
  }
}
