/**
 * How a VGGT is computed, as against what it computes: the choices variants make.
 *
 * The baseline is the model as its authors publish it: frames batched, every layer's tokens kept, heads eight
 * frames at a time. A variant is a change to some of these; the parts of the graph read them and decide
 * nothing.
 */
import type { AttentionForm } from './built.ts'

export interface Plan {
  readonly attention: AttentionForm
  /** Frames per call of a frame block; Infinity is all at once. */
  readonly frameChunk: number
  /**
   * `literal`: slice, negate, concatenate, as the formula is written. `fused`: one operator (see
   * `parts/rope.ts`).
   */
  readonly rope: 'literal' | 'fused'
  /** Whether the tokens of layers no head reads are kept to the end, too. */
  readonly keep: 'all' | 'used'
  /**
   * The first `layers` global blocks attend within each frame only, with their own or the frame block's
   * weights.
   */
  readonly localGlobal: { readonly layers: number; readonly weights: 'own' | 'frame' }
  /**
   * Global attention sees every `keySubsample`-th diagonal of each frame's patch grid as keys and values; 1
   * is all.
   */
  readonly keySubsample: number
  /** Share of the tokens after the first frame that global attention merges into similar ones; 0 is none. */
  readonly merge: number
  /**
   * Arithmetic of the linear layers of ViT and aggregator (`fp16`: and of attention). The heads are always
   * fp32.
   */
  readonly linear: 'fp32' | 'fp16' | 'int8'
  /** Frames per pass of a DPT head. */
  readonly dptChunk: number
  readonly pointHead: boolean
  /** Another image size than the one asked for, in pixels. */
  readonly resolution: { readonly height: number; readonly width: number } | undefined
}

export const baselinePlan: Plan = {
  attention: 'mha',
  frameChunk: Infinity,
  rope: 'literal',
  keep: 'all',
  localGlobal: { layers: 0, weights: 'own' },
  keySubsample: 1,
  merge: 0,
  linear: 'fp32',
  dptChunk: 8,
  pointHead: true,
  resolution: undefined,
}
