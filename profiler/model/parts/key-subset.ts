/** Fewer keys and values in global attention: a part of each frame's patch grid, and all special tokens. */
import type { Context, Sizes } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { gather, reshape } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'

export interface KeySubset {
  readonly name: string
  /** Indices of the kept tokens within a frame, ascending. */
  readonly tokens: readonly number[]
}

/**
 * Every `factor`-th diagonal of the grid: one patch of `factor` stays, evenly spread in both directions.
 *
 *   factor 2:  ■ · ■ ·      factor 3:  ■ · · ■
 *              · ■ · ■                 · · ■ ·
 *              ■ · ■ ·                 · ■ · ·
 */
export function diagonals(sizes: Sizes, factor: number): KeySubset {
  const tokens = Array.from({ length: sizes.tokens }, (_, token) => token).filter((token) => {
    const patch = token - sizes.special
    return patch < 0 || (Math.floor(patch / sizes.columns) + (patch % sizes.columns)) % factor === 0
  })
  return { name: `diagonals${factor}`, tokens }
}

/** x `[1, frames·tokens, C]` → `[1, frames·kept, C]`. */
export function keepKeys(s: Scope, name: string, { sizes }: Context, x: Tensor, keys: KeySubset): Tensor {
  const channels = x.shape[2]!
  const frames = x.shape[1]! / sizes.tokens
  const split = reshape(s, `${name}_frames`, x, [frames, sizes.tokens, channels])
  const indices = s.indices(`${keys.name}:${sizes.rows}x${sizes.columns}`, keys.tokens)
  return reshape(s, `${name}_join`, gather(s, name, split, indices, 1), [
    1,
    frames * keys.tokens.length,
    channels,
  ])
}
