/** The numbers that make one VGGT, and three sizes by name. `config-file.ts` reads them from a file. */
import { UserError } from '../../trace/errors.ts'

export interface VggtConfig {
  /** Side, in pixels, of the square images the positional embedding was made for. */
  readonly imgSize: number
  /** Side of a square patch in pixels; heights and widths are multiples of it. */
  readonly patchSize: number
  /** Channels C of a token in the patch embedding and the aggregator; the heads see 2C. */
  readonly embedDim: number
  /** Pairs of one frame block and one global block. */
  readonly depth: number
  readonly numHeads: number
  /** Blocks of the patch embedding's ViT. */
  readonly vitDepth: number
  readonly vitHeads: number
  /** Register tokens per frame, in the ViT and (a second set) in the aggregator. */
  readonly numRegisterTokens: number
  /** Base frequency of the rotary embedding. */
  readonly ropeFreq: number
  /** The four layers whose tokens the DPT heads read. */
  readonly dptLayers: readonly number[]
  readonly dptFeatures: number
  readonly dptOutChannels: readonly number[]
  readonly camTrunkDepth: number
  readonly camHeads: number
  /** Rounds of refinement of the pose. */
  readonly camIters: number
}

export type ModelName = 'tiny' | 'small' | '1b'

const common = { patchSize: 14, numRegisterTokens: 4, ropeFreq: 100, camIters: 4 }

/** `1b` is the published model's shape; `small` is ViT-S-like; `tiny` is for seconds on a CPU. */
export const configs: Readonly<Record<ModelName, VggtConfig>> = {
  tiny: {
    ...common,
    imgSize: 84,
    embedDim: 64,
    depth: 4,
    numHeads: 4,
    vitDepth: 2,
    vitHeads: 4,
    dptLayers: [0, 1, 2, 3],
    dptFeatures: 32,
    dptOutChannels: [16, 32, 64, 64],
    camTrunkDepth: 2,
    camHeads: 4,
  },
  small: {
    ...common,
    imgSize: 518,
    embedDim: 384,
    depth: 12,
    numHeads: 6,
    vitDepth: 12,
    vitHeads: 6,
    dptLayers: [2, 5, 8, 11],
    dptFeatures: 64,
    dptOutChannels: [48, 96, 192, 384],
    camTrunkDepth: 2,
    camHeads: 6,
  },
  '1b': {
    ...common,
    imgSize: 518,
    embedDim: 1024,
    depth: 24,
    numHeads: 16,
    vitDepth: 24,
    vitHeads: 16,
    dptLayers: [4, 11, 17, 23],
    dptFeatures: 256,
    dptOutChannels: [256, 512, 1024, 1024],
    camTrunkDepth: 4,
    camHeads: 16,
  },
}

/** A config by name. Throws a UserError for another name. */
export function configOf(name: string): VggtConfig {
  if (Object.hasOwn(configs, name)) return configs[name as ModelName]
  throw new UserError(
    'bad-request',
    `no model is called ${name}; choose one of ${Object.keys(configs).join(', ')}`,
  )
}

/** Throws a UserError for numbers no VGGT can have; `where` begins the message. */
export function checkConfig(config: VggtConfig, where = 'config'): void {
  const faults: [boolean, string][] = [
    [config.patchSize < 1 || config.imgSize < config.patchSize, 'img_size must be at least patch_size'],
    [config.depth < 1, 'depth must be at least 1'],
    [config.camIters < 1, 'cam_iters must be at least 1'],
    [config.embedDim % (4 * config.numHeads) !== 0, 'embed_dim must be a multiple of 4 · num_heads'],
    [config.embedDim % config.vitHeads !== 0, 'embed_dim must be a multiple of vit_heads'],
    [(2 * config.embedDim) % config.camHeads !== 0, '2 · embed_dim must be a multiple of cam_heads'],
    [config.dptLayers.length !== 4, 'dpt_layers must name four layers'],
    [config.dptLayers.some((layer) => layer >= config.depth), 'dpt_layers must be below depth'],
    [config.dptOutChannels.length !== 4, 'dpt_out_channels must have four entries'],
    [config.dptOutChannels.some((n) => n < 4 || n % 4 !== 0), 'dpt_out_channels must be multiples of 4'],
    [config.dptFeatures < 8 || config.dptFeatures % 8 !== 0, 'dpt_features must be a multiple of 8'],
  ]
  const fault = faults.find(([wrong]) => wrong)
  if (fault) throw new UserError('bad-input', `${where}: ${fault[1]}`)
}
