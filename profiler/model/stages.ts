/**
 * The model as a list of stages: one per phase instance, each with named tensors in and out.
 *
 *   images → Patch_Embedding → Frame_Attention ⇄ Global_Attention, `depth` times → Camera, Depth and Point_Head
 *
 * One graph may hold them all, or each its own; both are made of exactly these.
 */
import type { Context } from './context.ts'
import type { Scope } from './onnx/graph.ts'
import type { Tensor } from './onnx/tensor.ts'
import { addSpecialTokens, frameBlock, globalBlock, layerTokens } from './parts/aggregator.ts'
import { cameraHead } from './parts/camera-head.ts'
import type { DptHead } from './parts/dpt-head.ts'
import { depthHead, dptHead, pointHead } from './parts/dpt-head.ts'
import { patchEmbedding } from './parts/patch-embedding.ts'
import { preprocess } from './parts/preprocess.ts'

export interface Stage {
  readonly phase: string
  readonly label: string
  readonly inputs: readonly string[]
  /** Builds the stage in a scope named by its phase; gives its outputs by name. */
  readonly build: (s: Scope, inputs: readonly Tensor[]) => Readonly<Record<string, Tensor>>
}

/** What the model is asked to give out beyond its predictions. */
export interface Extras {
  readonly golden: boolean
}

const patchTokens = 'patch_tokens'
const frameTokens = (index: number): string => `frame_tokens_${index}`
const globalTokens = (index: number): string => `global_tokens_${index}`
/** A layer's tokens, frame and global output side by side. */
const layerName = (index: number): string => `layer_tokens_${index}`
export const isLayer = (name: string): boolean => name.startsWith('layer_tokens_')

export function stagesOf(context: Context, extras: Extras): Stage[] {
  const { config, plan } = context
  const stages = [patchStage(context)]
  for (let index = 0; index < config.depth; index++) {
    stages.push(frameStage(context, index), globalStage(context, index, extras))
  }
  stages.push(cameraStage(context, extras))
  stages.push(dptStage(context, 'Depth_Head', depthHead, ['depth', 'depth_conf']))
  if (plan.pointHead)
    stages.push(dptStage(context, 'Point_Head', pointHead, ['world_points', 'world_points_conf']))
  return stages
}

/** The predictions, in a fixed order. */
export function outputsOf({ plan }: Context, { golden }: Extras): string[] {
  const points = plan.pointHead ? ['world_points', 'world_points_conf'] : []
  const inner = golden ? ['tokens_0', 'tokens_last', 'pose_enc_iter0'] : []
  return ['pose_enc', 'depth', 'depth_conf', ...points, ...inner]
}

function patchStage(context: Context): Stage {
  return {
    phase: 'Patch_Embedding',
    label: 'patch_embed',
    inputs: ['images'],
    build(s, [images]) {
      const pixels = preprocess(s.at('preprocess'), context, images!)
      return { [patchTokens]: addSpecialTokens(s, context, patchEmbedding(s.at('vit'), context, pixels)) }
    },
  }
}

function frameStage(context: Context, index: number): Stage {
  const label = `frame_blocks.${index}`
  return {
    phase: 'Frame_Attention',
    label,
    inputs: [index === 0 ? patchTokens : globalTokens(index - 1)],
    build: (s, [x]) => ({ [frameTokens(index)]: frameBlock(s.at(label), context, index, x!) }),
  }
}

function globalStage(context: Context, index: number, { golden }: Extras): Stage {
  const { config, plan } = context
  const label = `global_blocks.${index}`
  const last = index === config.depth - 1
  const kept = plan.keep === 'all' || last || config.dptLayers.includes(index) || (golden && index === 0)
  return {
    phase: 'Global_Attention',
    label,
    inputs: [frameTokens(index)],
    build(s, [frame]) {
      const at = s.at(label)
      const global = globalBlock(at, context, index, frame!)
      const next = last ? {} : { [globalTokens(index)]: global }
      if (!kept) return next
      const both = layerTokens(at, context, frame!, global)
      const inner = { ...(index === 0 && { tokens_0: both }), ...(last && { tokens_last: both }) }
      return { ...next, [layerName(index)]: both, ...(golden && inner) }
    },
  }
}

function cameraStage(context: Context, { golden }: Extras): Stage {
  return {
    phase: 'Camera_Head',
    label: 'camera_head',
    inputs: [layerName(context.config.depth - 1)],
    build(s, [tokens]) {
      const poses = cameraHead(s, context, tokens!)
      return { pose_enc: poses.at(-1)!, ...(golden && { pose_enc_iter0: poses[0]! }) }
    },
  }
}

function dptStage(context: Context, phase: string, head: DptHead, names: readonly [string, string]): Stage {
  const layers = [...new Set(context.config.dptLayers)]
  return {
    phase,
    label: head.weights,
    inputs: layers.map(layerName),
    build(s, inputs) {
      const four = context.config.dptLayers.map((layer) => inputs[layers.indexOf(layer)]!)
      const [values, confidence] = dptHead(s, context, head, four)
      return { [names[0]]: values, [names[1]]: confidence }
    },
  }
}
