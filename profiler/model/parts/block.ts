/**
 * A transformer block: `x += ls1 · attn(norm1(x))`, then `x += ls2 · mlp(norm2(x))`; the MLP is four times as wide.
 *
 * One block serves the ViT, frame and global attention and the camera head's trunk; they differ in their options.
 * The residual stream, the norms and the rotation are float32 in every arithmetic.
 */
import type { Context } from '../context.ts'
import { affine, weight } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, cast, gelu, layerNorm, multiply, split } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Plan } from '../plan.ts'
import type { Triple } from './attention.ts'
import { attend } from './attention.ts'
import type { KeySubset } from './key-subset.ts'
import { linear } from './linear.ts'
import { prepareQueriesAndKeys, qkvOrder } from './query-key.ts'
import { mergeTokens } from './token-merge.ts'

export interface BlockOptions {
  /** State-dict name, without the trailing dot. */
  readonly weights: string
  readonly heads: number
  /** Of both LayerNorms. */
  readonly epsilon: number
  readonly arithmetic: Plan['linear']
  /** Normalise queries and keys per head and turn them by their position: frame and global blocks do. */
  readonly rotary: boolean
  /** Which tokens of each frame are keys and values; all, where absent. */
  readonly keys?: KeySubset
  /** Share of the source tokens that attention merges; 0 is none. */
  readonly merge?: number
}

/** x `[B, N, C]` → the same shape. With `rotary`, N is a whole number of frames. */
export function block(s: Scope, context: Context, x: Tensor, options: BlockOptions): Tensor {
  const channels = x.shape[2]!
  const { weights, epsilon } = options
  const scale = (name: string, branch: Tensor): Tensor => {
    const gamma = weight(s, context, `${weights}.${name}.gamma`, [channels], { kind: 'layer-scale' })
    return multiply(s, name, cast(s, `${name}_float`, branch, 'float'), gamma)
  }
  const normed = layerNorm(s, 'norm1', x, affine(s, context, `${weights}.norm1`, channels), epsilon)
  const attended = add(s, 'residual1', x, scale('ls1', selfAttention(s.at('attn'), context, normed, options)))
  const again = layerNorm(s, 'norm2', attended, affine(s, context, `${weights}.norm2`, channels), epsilon)
  return add(s, 'residual2', attended, scale('ls2', mlp(s.at('mlp'), context, again, options)))
}

function selfAttention(s: Scope, context: Context, x: Tensor, options: BlockOptions): Tensor {
  const channels = x.shape[2]!
  const { heads, arithmetic } = options
  const order = options.rotary ? qkvOrder(context.plan, channels, heads) : undefined
  const layer = { weights: `${options.weights}.attn.qkv`, outputs: 3 * channels, arithmetic, order }
  const qkv = linear(s, context, 'qkv', x, layer)
  const [q, k, v] = split(s, 'split', qkv, -1, [channels, channels, channels]) as [Tensor, Tensor, Tensor]
  const turned = options.rotary ? prepareQueriesAndKeys(s, context, { q, k, v }, options) : { q, k, v }
  const type = arithmetic === 'fp16' ? 'float16' : 'float'
  const over = (triple: Triple): Tensor =>
    attend(s, context.plan.attention, heads, {
      q: cast(s, 'q_input', triple.q, type),
      k: cast(s, 'k_input', triple.k, type),
      v: cast(s, 'v_input', triple.v, type),
    })
  const mixed = options.merge ? mergeTokens(s, context, x, turned, options.merge, over) : over(turned)
  return linear(s, context, 'proj', mixed, {
    weights: `${options.weights}.attn.proj`,
    outputs: channels,
    arithmetic,
  })
}

function mlp(s: Scope, context: Context, x: Tensor, { weights, arithmetic }: BlockOptions): Tensor {
  const channels = x.shape[2]!
  const wide = linear(s, context, 'fc1', x, {
    weights: `${weights}.mlp.fc1`,
    outputs: 4 * channels,
    arithmetic,
  })
  const narrow = { weights: `${weights}.mlp.fc2`, outputs: channels, arithmetic }
  return linear(s, context, 'fc2', gelu(s, 'gelu', wide), narrow)
}
