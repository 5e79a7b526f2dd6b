/**
 * Images → patch tokens: a DINOv2 ViT (a convolution of patch by patch, learned positions, blocks) whose
 * class and register tokens help on the way and are dropped at the end.
 */
import type { Context } from '../context.ts'
import { affine, weight } from '../context.ts'
import { conv } from '../onnx/image-ops.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, concat, layerNorm, reshape, slice, transpose } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { block } from './block.ts'
import { resizePositions } from './position-resize.ts'

const prefix = 'aggregator.patch_embed'

/** Of the ViT's LayerNorms; the aggregator's are 1e-5. Outputs hardly show the difference (about 1e-6). */
export const vitEpsilon = 1e-6

/** `[S, 3, H, W]`, normalised → `[S, patches, C]`. */
export function patchEmbedding(s: Scope, context: Context, images: Tensor): Tensor {
  const { config, plan, sizes } = context
  const channels = config.embedDim
  const projection = `${prefix}.patch_embed.proj`
  const shape = [channels, 3, config.patchSize, config.patchSize]
  const kernel = weight(s, context, `${projection}.weight`, shape, {
    kind: 'linear',
    fanIn: 3 * config.patchSize ** 2,
  })
  const bias = weight(s, context, `${projection}.bias`, [channels], { kind: 'bias' })
  const grid = conv(s, 'projection', images, kernel, bias, { stride: config.patchSize })
  const flat = transpose(
    s,
    'to_tokens',
    reshape(s, 'flatten', grid, [sizes.frames, channels, sizes.patches]),
    [0, 2, 1],
  )
  const placed = add(s, 'add_positions', flat, patchPositions(s, context))
  let x = concat(s, 'add_special', [leadingTokens(s, context), placed], 1)
  for (let index = 0; index < config.vitDepth; index++) {
    const weights = `${prefix}.blocks.${index}`
    const options = {
      weights,
      heads: config.vitHeads,
      epsilon: vitEpsilon,
      arithmetic: plan.linear,
      rotary: false,
    }
    x = block(s.at(`blocks.${index}`), context, x, options)
  }
  const normed = layerNorm(s, 'norm', x, affine(s, context, `${prefix}.norm`, channels), vitEpsilon)
  return slice(s, 'drop_special', normed, 1, sizes.special, sizes.tokens)
}

const gridSide = (context: Context): number => Math.floor(context.config.imgSize / context.config.patchSize)

/** The class token's position, then those of the stored grid, row by row. */
const positionsRequest = (context: Context) => ({
  name: `${prefix}.pos_embed`,
  shape: [1, 1 + gridSide(context) ** 2, context.config.embedDim],
  kind: { kind: 'token' } as const,
})

function patchPositions(s: Scope, context: Context): Tensor {
  const { config, sizes, parameters } = context
  const channels = config.embedDim
  const side = gridSide(context)
  const asStored = sizes.patches === side * side && sizes.height === sizes.width
  return parameters.derived(s, positionsRequest(context), {
    form: `.${sizes.rows}x${sizes.columns}`,
    shape: [1, sizes.patches, channels],
    make(values) {
      const grid = values.subarray(channels)
      return asStored ? grid : resizePositions(grid, side, sizes.rows, sizes.columns, channels)
    },
  })
}

/**
 * `[S, 1 + registers, C]`: class token with its position, then the registers, which have none; alike in all
 * frames.
 */
function leadingTokens(s: Scope, context: Context): Tensor {
  const { config, sizes, parameters } = context
  const channels = config.embedDim
  const kind = { kind: 'token' } as const
  const requests = [
    { name: `${prefix}.cls_token`, shape: [1, 1, channels], kind },
    positionsRequest(context),
    { name: `${prefix}.register_tokens`, shape: [1, config.numRegisterTokens, channels], kind },
  ]
  const shape = [sizes.frames, sizes.special, channels]
  return parameters.combined(
    s,
    `vit_special:${sizes.frames}`,
    requests,
    shape,
    ([cls, positions, registers]) => {
      const one = new Float32Array(sizes.special * channels)
      one.set(cls!.map((value, channel) => value + positions![channel]!))
      one.set(registers!, channels)
      const all = new Float32Array(sizes.frames * one.length)
      for (let frame = 0; frame < sizes.frames; frame++) all.set(one, frame * one.length)
      return all
    },
  )
}
