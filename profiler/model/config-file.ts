/** Reads a `config.json`: the numbers of a VGGT and, where it says them, those of the input it goes with. */
import { readFile } from 'node:fs/promises'
import { UserError } from '../../trace/errors.ts'
import type { VggtConfig } from './config.ts'
import { checkConfig } from './config.ts'

/** Key in `config.json` of each number, in the file's own spelling. */
const fileKeys: Record<keyof VggtConfig, string> = {
  imgSize: 'img_size',
  patchSize: 'patch_size',
  embedDim: 'embed_dim',
  depth: 'depth',
  numHeads: 'num_heads',
  vitDepth: 'vit_depth',
  vitHeads: 'vit_heads',
  numRegisterTokens: 'num_register_tokens',
  ropeFreq: 'rope_freq',
  dptLayers: 'dpt_layers',
  dptFeatures: 'dpt_features',
  dptOutChannels: 'dpt_out_channels',
  camTrunkDepth: 'cam_trunk_depth',
  camHeads: 'cam_heads',
  camIters: 'cam_iters',
}

/** A `config.json`: the model, and (where the file says it) the input it was made for. */
export interface ConfigFile {
  readonly config: VggtConfig
  readonly frames?: number
  readonly height?: number
  readonly width?: number
}

/** Reads and checks a `config.json`. Throws a UserError that names the file and the key. */
export async function readConfig(path: string): Promise<ConfigFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError('not-found', `${path}: cannot be read; a model folder has a config.json`, { cause })
  })
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch (cause) {
    throw new UserError('bad-input', `${path}: not JSON: ${(cause as Error).message}`, { cause })
  }
  if (typeof file !== 'object' || file === null)
    throw new UserError('bad-input', `${path}: not a JSON object`)
  return parseConfig(path, file as Record<string, unknown>)
}

/** A config as a `config.json` holds it. */
export const configFile = (config: VggtConfig): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fileKeys).map(([key, fileKey]) => [fileKey, config[key as keyof VggtConfig]]),
  )

function parseConfig(path: string, file: Record<string, unknown>): ConfigFile {
  const entries = Object.entries(fileKeys).map(([key, fileKey]) => {
    const list = key === 'dptLayers' || key === 'dptOutChannels'
    const value = file[fileKey]
    const good = list ? Array.isArray(value) && value.every(isCount) : isCount(value)
    if (!good) {
      const what = list ? 'a list of whole numbers' : 'a whole number'
      throw new UserError('bad-input', `${path}: ${fileKey} must be ${what}, and is ${JSON.stringify(value)}`)
    }
    return [key, value]
  })
  const config = Object.fromEntries(entries) as unknown as VggtConfig
  checkConfig(config, path)
  const size = (key: string): number | undefined => (isCount(file[key]) ? file[key] : undefined)
  return { config, frames: size('S'), height: size('H'), width: size('W') }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
