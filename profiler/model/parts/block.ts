/**
 * A transformer block: `x += ls1 · attn(norm1(x))`, then `x += ls2 · mlp(norm2(x))`; the MLP is four times as
 * wide.
 *
 * One block serves the ViT, frame and global attention and the camera head's trunk; they differ in their
 * options. The residual stream, the norms and the rotation are float32 in every arithmetic.
 */
import type { Context } from '../context.ts'
import { affine, weight } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, cast, gelu, layerNorm, multiply, reshape, split } from '../onnx/ops.ts'
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
  /** Share of the tokens after the first frame that attention merges; 0 is none. */
  readonly merge?: number
}

/**
 * x `[B, N, C]` → the same shape. With `rotary`, N is a whole number of frames. Between the two, tokens are
 * rows.
 */
export function block(s: Scope, context: Context, x: Tensor, options: BlockOptions): Tensor {
  const [batch, length, channels] = x.shape as [number, number, number]
  const { weights, epsilon } = options
  const scale = (name: string, branch: Tensor): Tensor => {
    const gamma = weight(s, context, `${weights}.${name}.gamma`, [channels], { kind: 'layer-scale' })
    return multiply(s, name, cast(s, `${name}_float`, branch, 'float'), gamma)
  }
  const norm = (name: string, rows: Tensor): Tensor =>
    layerNorm(s, name, rows, affine(s, context, `${weights}.${name}`, channels), epsilon)
  const rows = reshape(s, 'rows', x, [batch * length, channels])
  const mixed = selfAttention(s.at('attn'), context, norm('norm1', rows), [batch, length], options)
  const attended = add(s, 'residual1', rows, scale('ls1', mixed))
  const widened = mlp(s.at('mlp'), context, norm('norm2', attended), options)
  return reshape(s, 'tokens', add(s, 'residual2', attended, scale('ls2', widened)), x.shape)
}

type Groups = readonly [batch: number, length: number]

function selfAttention(
  s: Scope,
  context: Context,
  rows: Tensor,
  groups: Groups,
  options: BlockOptions,
): Tensor {
  const channels = rows.shape[1]!
  const { heads, arithmetic, weights } = options
  const order = options.rotary ? qkvOrder(context.plan, channels, heads) : undefined
  const qkv = linear(s, context, 'qkv', rows, {
    weights: `${weights}.attn.qkv`,
    outputs: 3 * channels,
    arithmetic,
    order,
  })
  const parts = split(s, 'split', qkv, -1, [channels, channels, channels])
  const grouped = (name: string, part: Tensor): Tensor => reshape(s, name, part, [...groups, channels])
  const plain = {
    q: grouped('q_tokens', parts[0]!),
    k: grouped('k_tokens', parts[1]!),
    v: grouped('v_tokens', parts[2]!),
  }
  const turned = options.rotary ? prepareQueriesAndKeys(s, context, plain, options) : plain
  const type = arithmetic === 'fp16' ? 'float16' : 'float'
  const over = (triple: Triple): Tensor =>
    attend(s, context.plan.attention, heads, {
      q: cast(s, 'q_input', triple.q, type),
      k: cast(s, 'k_input', triple.k, type),
      v: cast(s, 'v_input', triple.v, type),
    })
  const mixed = options.merge ? mergeTokens(s, context, turned, options.merge, over) : over(turned)
  const out = { weights: `${weights}.attn.proj`, outputs: channels, arithmetic }
  return linear(s, context, 'proj', reshape(s, 'rows', mixed, rows.shape), out)
}

function mlp(s: Scope, context: Context, x: Tensor, { weights, arithmetic }: BlockOptions): Tensor {
  const channels = x.shape[1]!
  const wide = linear(s, context, 'fc1', x, {
    weights: `${weights}.mlp.fc1`,
    outputs: 4 * channels,
    arithmetic,
  })
  const narrow = { weights: `${weights}.mlp.fc2`, outputs: channels, arithmetic }
  return linear(s, context, 'fc2', gelu(s, 'gelu', wide), narrow)
}
