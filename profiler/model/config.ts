/** The numbers that make one VGGT: as in a `config.json` beside a set of weights. */
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
  readonly camIters: number
}
