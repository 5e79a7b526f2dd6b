/** What every part of the graph needs to know: the config, the plan, the sizes and the weights. */
import { UserError } from '../../trace/errors.ts'
import type { VggtConfig } from './config.ts'
import type { Scope } from './onnx/graph.ts'
import type { Tensor } from './onnx/tensor.ts'
import type { Plan } from './plan.ts'
import type { Parameters } from './weights/parameters.ts'
import type { WeightKind } from './weights/weights.ts'

/** S frames of H×W pixels are S frames of rows×columns patches. */
export interface Sizes {
  readonly frames: number
  readonly height: number
  readonly width: number
  readonly rows: number
  readonly columns: number
  /** Patches per frame. */
  readonly patches: number
  /** Camera and register tokens per frame; they come before the patches. */
  readonly special: number
  /** Tokens per frame. */
  readonly tokens: number
}

export interface Context {
  readonly config: VggtConfig
  readonly plan: Plan
  readonly sizes: Sizes
  readonly parameters: Parameters
}

/** Throws a UserError unless there is at least one frame of whole patches. */
export function sizesOf(config: VggtConfig, frames: number, height: number, width: number): Sizes {
  const patch = config.patchSize
  if (!Number.isSafeInteger(frames) || frames < 1) {
    throw new UserError('bad-request', `frames: ${frames} is not a number of frames; give 1 or more`)
  }
  for (const [name, side] of [['height', height] as const, ['width', width] as const]) {
    if (Number.isSafeInteger(side) && side >= patch && side % patch === 0) continue
    const near = Math.max(patch, Math.round(side / patch) * patch)
    const hint = Number.isFinite(near) ? `; ${near} is the nearest` : ''
    throw new UserError('bad-request', `${name}: ${side} is not a multiple of the patch size ${patch}${hint}`)
  }
  const rows = height / patch
  const columns = width / patch
  const special = 1 + config.numRegisterTokens
  const patches = rows * columns
  return { frames, height, width, rows, columns, patches, special, tokens: special + patches }
}

/** A weight as it is in the state dict. */
export function weight(
  s: Scope,
  context: Context,
  name: string,
  shape: readonly number[],
  kind: WeightKind,
): Tensor {
  return context.parameters.plain(s, { name, shape, kind })
}

/** Scale and shift of a LayerNorm over `channels`. */
export function affine(
  s: Scope,
  context: Context,
  name: string,
  channels: number,
): { readonly weight: Tensor; readonly bias: Tensor } {
  return {
    weight: weight(s, context, `${name}.weight`, [channels], { kind: 'norm' }),
    bias: weight(s, context, `${name}.bias`, [channels], { kind: 'bias' }),
  }
}
