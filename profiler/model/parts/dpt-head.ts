/**
 * A DPT head: the tokens of four layers become feature maps of four sizes, are fused from small to large, and
 * end as one prediction and one confidence per pixel.
 *
 *   layer → tokens → map, in patches → ×4, ×2, ×1, ×½ → fusion (`dpt-fusion.ts`) → pixels
 */
import type { Context } from '../context.ts'
import { affine, weight } from '../context.ts'
import { convTranspose, resizeBilinear } from '../onnx/image-ops.ts'
import type { Scope } from '../onnx/graph.ts'
import {
  add,
  binary,
  concat,
  layerNorm,
  multiply,
  reshape,
  slice,
  split,
  transpose,
  unary,
} from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { chunkSides } from './aggregator.ts'
import { convLayer } from './conv-layer.ts'
import { fuse } from './dpt-fusion.ts'
import { addUvEmbedding } from './uv-embedding.ts'

export interface DptHead {
  /** State-dict name: `depth_head` or `point_head`. */
  readonly weights: string
  /** Numbers per pixel, confidence not counted. */
  readonly values: number
  /** `exp`: e^y, a depth. `inverse-log`: sign(y)·(e^|y| − 1), a coordinate. */
  readonly activation: 'exp' | 'inverse-log'
}

export const depthHead: DptHead = { weights: 'depth_head', values: 1, activation: 'exp' }
export const pointHead: DptHead = { weights: 'point_head', values: 3, activation: 'inverse-log' }

/** Channels between the head's last two convolutions, in every size of the model. */
const tailChannels = 32

/** Four layers' tokens `[1, S, tokens, 2C]` → values `[1, S, H, W, n]` and confidence `[1, S, H, W]`. */
export function dptHead(
  s: Scope,
  context: Context,
  head: DptHead,
  layers: readonly Tensor[],
): [Tensor, Tensor] {
  const { plan, sizes } = context
  const { frames, height, width } = sizes
  const sides = chunkSides(frames, plan.dptChunk)
  let first = 0
  const parts = sides.map((side, group) => {
    const at = sides.length === 1 ? s : s.at(`frames.${group}`)
    const some = layers.map((layer, index) =>
      sides.length === 1 ? layer : slice(at, `layer.${index}`, layer, 1, first, first + side),
    )
    first += side
    return onePass(at, context, head, some)
  })
  const maps = concat(s, 'join_frames', parts, 0)
  const [values, confidence] = split(
    s,
    'split_confidence',
    transpose(s, 'channels_last', maps, [0, 2, 3, 1]),
    -1,
    [head.values, 1],
  ) as [Tensor, Tensor]
  return [
    reshape(s, 'values', activate(s, head, values), [1, frames, height, width, head.values]),
    reshape(s, 'confidence', add(s, 'one_plus', unary(s, 'exp_confidence', 'Exp', confidence), s.scalar(1)), [
      1,
      frames,
      height,
      width,
    ]),
  ]
}

/** `[1, n, tokens, 2C]`, four times → `[n, values + 1, H, W]`, not yet activated. */
function onePass(s: Scope, context: Context, head: DptHead, layers: readonly Tensor[]): Tensor {
  const { config, sizes } = context
  const maps = layers.map((layer, index) => featureMap(s.at(`layer.${index}`), context, head, index, layer))
  const fused = fuse(s, context, head.weights, maps)
  const half = config.dptFeatures / 2
  const scratch = `${head.weights}.scratch`
  const narrow = convLayer(s, context, 'output_conv1', fused, {
    weights: `${scratch}.output_conv1`,
    outputs: half,
    kernel: 3,
  })
  const pixels = resizeBilinear(s, 'to_pixels', narrow, sizes.height, sizes.width)
  const placed = addUvEmbedding(s, sizes, pixels)
  const hidden = convLayer(s, context, 'output_conv2', placed, {
    weights: `${scratch}.output_conv2.0`,
    outputs: tailChannels,
    kernel: 3,
  })
  return convLayer(s, context, 'output_conv3', unary(s, 'output_relu', 'Relu', hidden), {
    weights: `${scratch}.output_conv2.2`,
    outputs: head.values + 1,
    kernel: 1,
    kind: { kind: 'head', fanIn: tailChannels },
  })
}

/** One layer's patch tokens as a map of `dptFeatures` channels, at its own size. */
function featureMap(s: Scope, context: Context, head: DptHead, index: number, layer: Tensor): Tensor {
  const { config, sizes } = context
  const [, frames, tokens, channels] = layer.shape as [number, number, number, number]
  const patches = slice(s, 'patches', layer, 2, sizes.special, tokens)
  const flat = reshape(s, 'flatten', patches, [frames, sizes.patches, channels])
  const norm = affine(s, context, `${head.weights}.norm`, channels)
  const turned = transpose(s, 'to_map', layerNorm(s, 'norm', flat, norm, 1e-5), [0, 2, 1])
  const map = reshape(s, 'map', turned, [frames, channels, sizes.rows, sizes.columns])
  const outputs = config.dptOutChannels[index]!
  const projection = { weights: `${head.weights}.projects.${index}`, outputs, kernel: 1 }
  const placed = addUvEmbedding(s, sizes, convLayer(s, context, 'project', map, projection))
  return convLayer(s, context, 'to_features', resized(s, context, head, index, placed), {
    weights: `${head.weights}.scratch.layer${index + 1}_rn`,
    outputs: config.dptFeatures,
    kernel: 3,
    bias: false,
  })
}

/** ×4, ×2, ×1, ×½. */
function resized(s: Scope, context: Context, head: DptHead, index: number, x: Tensor): Tensor {
  const name = `${head.weights}.resize_layers.${index}`
  const channels = x.shape[1]!
  const factor = [4, 2, 1, 0.5][index]!
  if (factor === 1) return x
  if (factor < 1)
    return convLayer(s, context, 'shrink', x, { weights: name, outputs: channels, kernel: 3, stride: 2 })
  const shape = [channels, channels, factor, factor]
  const kernel = weight(s, context, `${name}.weight`, shape, { kind: 'linear', fanIn: channels })
  return convTranspose(
    s,
    'enlarge',
    x,
    kernel,
    weight(s, context, `${name}.bias`, [channels], { kind: 'bias' }),
  )
}

function activate(s: Scope, head: DptHead, y: Tensor): Tensor {
  if (head.activation === 'exp') return unary(s, 'exp', 'Exp', y)
  const grown = binary(s, 'minus_one', 'Sub', unary(s, 'exp', 'Exp', unary(s, 'abs', 'Abs', y)), s.scalar(1))
  return multiply(s, 'signed', unary(s, 'sign', 'Sign', y), grown)
}
