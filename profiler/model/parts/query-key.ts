/**
 * What happens to queries and keys between the qkv layer and attention: LayerNorm per head, then rotation.
 */
import type { Context } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { cast, layerNorm, reshape } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Triple } from './attention.ts'
import type { Plan } from '../plan.ts'
import { keepKeys } from './key-subset.ts'
import type { BlockOptions } from './block.ts'
import type { ChannelOrder } from './linear.ts'
import { pairedChannels, positionsOf, rotateFused, rotateInParts } from './rope.ts'

/** Of the LayerNorm over one head's channels, in every block that has it. */
const epsilon = 1e-5

/**
 * q, k, v `[B, N, C]` → the same, with keys and values fewer where the options keep a subset. Positions
 * repeat with every frame, so the work is done as `[frames, tokens, heads, d]`, for frame and global blocks
 * alike.
 */
export function prepareQueriesAndKeys(
  s: Scope,
  context: Context,
  { q, k, v }: Triple,
  options: BlockOptions,
): Triple {
  const { keys } = options
  const kept = keys
    ? { k: keepKeys(s, 'k_keep', context, k, keys), v: keepKeys(s, 'v_keep', context, v, keys) }
    : { k, v }
  return {
    q: prepare(s.at('q'), context, q, 'q_norm', options),
    k: prepare(s.at('k'), context, kept.k, 'k_norm', options, keys),
    v: kept.v,
  }
}

function prepare(
  s: Scope,
  context: Context,
  x: Tensor,
  norm: 'q_norm' | 'k_norm',
  { weights, heads }: BlockOptions,
  kept?: BlockOptions['keys'],
): Tensor {
  const { config, plan, sizes } = context
  const [batch, length, channels] = x.shape as [number, number, number]
  const width = channels / heads
  const tokens = kept?.tokens.length ?? sizes.tokens
  const split = reshape(s, 'split', cast(s, 'float', x, 'float'), [
    (batch * length) / tokens,
    tokens,
    heads,
    width,
  ])
  const order = plan.rope === 'fused' ? pairedChannels(width, 1) : undefined
  const normed = layerNorm(
    s,
    'norm',
    split,
    headNorm(s, context, `${weights}.attn.${norm}`, width, order),
    epsilon,
  )
  const positions = positionsOf(sizes, kept)
  const rotate = plan.rope === 'fused' ? rotateFused : rotateInParts
  return reshape(s, 'join', rotate(s.at('rope'), normed, positions, config.ropeFreq), [
    batch,
    length,
    channels,
  ])
}

/** Scale and shift of a head's LayerNorm, in the order the head's channels are in. */
function headNorm(
  s: Scope,
  context: Context,
  name: string,
  width: number,
  order: ChannelOrder | undefined,
): { readonly weight: Tensor; readonly bias: Tensor } {
  const form = order ? `.${order.form}` : ''
  const make = (values: Float32Array): Float32Array =>
    order ? Float32Array.from(order.channels, (channel) => values[channel]!) : values
  const one = (part: string, kind: 'norm' | 'bias'): Tensor => {
    const request = { name: `${name}.${part}`, shape: [width], kind: { kind } }
    return context.parameters.derived(s, request, { form, shape: [width], make })
  }
  return { weight: one('weight', 'norm'), bias: one('bias', 'bias') }
}

/**
 * Order of the qkv layer's outputs: queries and keys as the plan's rotation wants them, values as they are.
 */
export function qkvOrder(plan: Plan, channels: number, heads: number): ChannelOrder | undefined {
  if (plan.rope === 'literal') return undefined
  const paired = pairedChannels(channels / heads, heads).channels
  return {
    form: 'paired',
    channels: Int32Array.from({ length: 3 * channels }, (_, index) => {
      const third = Math.floor(index / channels)
      return third === 2 ? index : third * channels + paired[index % channels]!
    }),
  }
}
