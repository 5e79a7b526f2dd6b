/**
 * The camera head: from each frame's camera token, a pose refined in rounds. Every round looks at the pose so
 * far, modulates the tokens by it (adaptive LayerNorm), lets the frames attend to each other, and adds a
 * correction.
 */
import type { Context } from '../context.ts'
import { affine, weight } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, concat, expand, gelu, layerNorm, multiply, reshape, slice, split, unary } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { block } from './block.ts'
import { linear } from './linear.ts'

/** Translation 3, quaternion 4 (scalar last), fields of view 2 (of height, of width; radians). */
const poseNumbers = 9

/** Of the head's own LayerNorms and its trunk's; the modulated one, which has no weights, has 1e-6. */
const epsilon = 1e-5
const modulatedEpsilon = 1e-6

/** Last layer's tokens `[1, S, tokens, 2C]` → the pose `[1, S, 9]` after each round. */
export function cameraHead(s: Scope, context: Context, tokens: Tensor): Tensor[] {
  const { config, sizes } = context
  const channels = 2 * config.embedDim
  const first = slice(s, 'camera_tokens', tokens, 2, 0, 1)
  const flat = reshape(s, 'flatten', first, [sizes.frames, channels])
  const camera = layerNorm(
    s,
    'token_norm',
    flat,
    affine(s, context, 'camera_head.token_norm', channels),
    epsilon,
  )
  const plain = layerNorm(s, 'adaptive_norm', camera, unweighted(s, channels), modulatedEpsilon)
  const poses: Tensor[] = []
  let pose: Tensor | undefined
  for (let round = 0; round < config.camIters; round++) {
    const at = s.at(`round.${round}`)
    const change = correction(at, context, { camera, plain, pose: pose ?? emptyPose(at, context) })
    pose = pose ? add(at, 'add_correction', pose, change) : change
    poses.push(activated(at, context, pose))
  }
  return poses
}

/**
 * The shift may be absent by the standard, but ONNX Runtime 1.30's SkipLayerNorm fusion crashes without one.
 */
const unweighted = (s: Scope, channels: number): { readonly weight: Tensor; readonly bias: Tensor } => ({
  weight: s.constant(`ones:${channels}`, [channels], () => new Float32Array(channels).fill(1)),
  bias: s.constant(`zeros:${channels}`, [channels], () => new Float32Array(channels)),
})

/** What the first round looks at in place of a pose. */
function emptyPose(s: Scope, context: Context): Tensor {
  const shape = [1, 1, poseNumbers]
  const one = weight(s, context, 'camera_head.empty_pose_tokens', shape, { kind: 'token' })
  return expand(s, 'empty_pose', reshape(s, 'empty_row', one, shape.slice(1)), [
    context.sizes.frames,
    poseNumbers,
  ])
}

interface Round {
  /** The frames' camera tokens `[S, 2C]`, and the same normalised without weights. */
  readonly camera: Tensor
  readonly plain: Tensor
  readonly pose: Tensor
}

function correction(s: Scope, context: Context, { camera, plain, pose }: Round): Tensor {
  const { config } = context
  const channels = camera.shape[1]!
  const embedded = linear(s, context, 'embed_pose', pose, {
    weights: 'camera_head.embed_pose',
    outputs: channels,
  })
  const silu = multiply(s, 'silu', embedded, unary(s, 'sigmoid', 'Sigmoid', embedded))
  const layer = { weights: 'camera_head.poseLN_modulation.1', outputs: 3 * channels }
  const modulation = linear(s, context, 'modulation', silu, layer)
  const [shift, scale, gate] = split(s, 'split', modulation, -1, [channels, channels, channels]) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  const scaled = multiply(s, 'scale', plain, add(s, 'one_plus_scale', scale, s.scalar(1)))
  const gated = multiply(s, 'gate', gate, add(s, 'shift', scaled, shift))
  let x = reshape(s, 'frames', add(s, 'residual', gated, camera), [1, ...camera.shape])
  for (let index = 0; index < config.camTrunkDepth; index++) {
    const weights = `camera_head.trunk.${index}`
    const options = { weights, heads: config.camHeads, epsilon, arithmetic: 'fp32' as const, rotary: false }
    x = block(s.at(`trunk.${index}`), context, x, options)
  }
  const rows = reshape(s, 'rows', x, camera.shape)
  const normed = layerNorm(
    s,
    'trunk_norm',
    rows,
    affine(s, context, 'camera_head.trunk_norm', channels),
    epsilon,
  )
  const branch = s.at('pose_branch')
  const hidden = linear(branch, context, 'fc1', normed, {
    weights: 'camera_head.pose_branch.fc1',
    outputs: channels / 2,
  })
  const out = { weights: 'camera_head.pose_branch.fc2', outputs: poseNumbers }
  return linear(branch, context, 'fc2', gelu(branch, 'gelu', hidden), out)
}

/** Fields of view cannot be negative; the rest is as it is. */
function activated(s: Scope, { sizes }: Context, pose: Tensor): Tensor {
  const [rigid, view] = split(s, 'split_pose', pose, -1, [poseNumbers - 2, 2]) as [Tensor, Tensor]
  const both = concat(s, 'pose', [rigid, unary(s, 'positive_view', 'Relu', view)], -1)
  return reshape(s, 'batch', both, [1, sizes.frames, poseNumbers])
}
