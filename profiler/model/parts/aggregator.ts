/** Alternating attention: each frame's tokens among themselves, then all frames' tokens together. */
import type { Context } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { concat, reshape, split } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { block } from './block.ts'
import type { BlockOptions } from './block.ts'
import { diagonals } from './key-subset.ts'

/** Of the LayerNorms in frame and global blocks. */
const epsilon = 1e-5

/** Patch tokens `[S, patches, C]` → `[S, tokens, C]`: each frame's camera and register tokens come first. */
export function addSpecialTokens(s: Scope, context: Context, patches: Tensor): Tensor {
  const { config, sizes, parameters } = context
  const channels = config.embedDim
  const kind = { kind: 'token' } as const
  const registers = config.numRegisterTokens
  const requests = [
    { name: 'aggregator.camera_token', shape: [1, 2, 1, channels], kind },
    { name: 'aggregator.register_token', shape: [1, 2, registers, channels], kind },
  ]
  const shape = [sizes.frames, sizes.special, channels]
  const name = `aggregator_special:${sizes.frames}`
  const special = parameters.combined(s, name, requests, shape, ([camera, register]) => {
    const all = new Float32Array(sizes.frames * sizes.special * channels)
    for (let frame = 0; frame < sizes.frames; frame++) {
      // Of each pair of tokens, the first frame has the first; all others share the second.
      const which = Math.min(frame, 1)
      const at = frame * sizes.special * channels
      all.set(camera!.subarray(which * channels, (which + 1) * channels), at)
      all.set(
        register!.subarray(which * registers * channels, (which + 1) * registers * channels),
        at + channels,
      )
    }
    return all
  })
  return concat(s, 'add_special', [special, patches], 1)
}

/** `[S, tokens, C]` → the same; in groups of frames where the plan says so. */
export function frameBlock(s: Scope, context: Context, index: number, x: Tensor): Tensor {
  const { frameChunk } = context.plan
  const options = blockOptions(context, `aggregator.frame_blocks.${index}`)
  const frames = x.shape[0]!
  if (frameChunk >= frames) return block(s, context, x, options)
  const sides = chunkSides(frames, frameChunk)
  const parts = split(s, 'split_frames', x, 0, sides)
  const done = parts.map((part, group) => block(s.at(`frames.${group}`), context, part, options))
  return concat(s, 'join_frames', done, 0)
}

/** 7 frames by 3 → 3, 3, 1. */
export function chunkSides(frames: number, chunk: number): number[] {
  const whole = Math.min(chunk, frames)
  return Array.from({ length: Math.ceil(frames / whole) }, (_, group) =>
    Math.min(whole, frames - group * whole),
  )
}

/** `[S, tokens, C]` → the same, every token seeing all frames unless the plan keeps this layer local. */
export function globalBlock(s: Scope, context: Context, index: number, x: Tensor): Tensor {
  const { plan, sizes } = context
  const own = `aggregator.global_blocks.${index}`
  if (index < plan.localGlobal.layers) {
    const weights = plan.localGlobal.weights === 'own' ? own : `aggregator.frame_blocks.${index}`
    return block(s, context, x, blockOptions(context, weights))
  }
  const all = reshape(s, 'join_frames', x, [1, sizes.frames * sizes.tokens, context.config.embedDim])
  const options = {
    ...blockOptions(context, own),
    keys: plan.keySubsample > 1 ? diagonals(sizes, plan.keySubsample) : undefined,
    merge: plan.merge,
  }
  return reshape(s, 'split_frames', block(s, context, all, options), x.shape)
}

const blockOptions = ({ config, plan }: Context, weights: string): BlockOptions => ({
  weights,
  heads: config.numHeads,
  epsilon,
  arithmetic: plan.linear,
  rotary: true,
})

/**
 * A layer's tokens as the heads read them: frame block's and global block's output side by side, `[1, S,
 * tokens, 2C]`.
 */
export function layerTokens(s: Scope, context: Context, frame: Tensor, global: Tensor): Tensor {
  const { config, sizes } = context
  const both = concat(s, 'concat', [frame, global], -1)
  return reshape(s, 'batch', both, [1, sizes.frames, sizes.tokens, 2 * config.embedDim])
}
