/**
 * What a caller asks for when a VGGT is built as ONNX, and what it gets back.
 *
 * The caller runs the steps in order, each in its own session, feeding `images` and earlier steps' outputs by
 * name, and fetching exactly `step.outputs` (a graph may have more outputs than that: see `docs/model.md`).
 */
import type { VggtConfig } from './config.ts'

/** A variant as a person writes it: `frame-seq`, `kv-sub:2`. The list is `profiler/variants/index.ts`. */
export type VariantId = string

/** The operator(s) attention is made of. */
export type AttentionForm = 'mha' | 'onnx23' | 'decomposed'

/** Where the weights come from. Random ones are a function of the seed and the tensor's name alone. */
export type WeightSource =
  | { readonly kind: 'random'; readonly seed: number }
  /** An official `model.safetensors`, or any file with the same tensor names and the config's shapes. */
  | { readonly kind: 'safetensors'; readonly path: string }

export interface BuildOptions {
  readonly config: VggtConfig
  readonly frames: number
  /** Pixels; a multiple of the config's patch size. So is the width. */
  readonly height: number
  readonly width: number
  readonly weights: WeightSource
  readonly variants: readonly VariantId[]
  /** Default `mha`. An `attention=…` variant says the same thing. */
  readonly attention?: AttentionForm
  /** `whole`: one model, one step. `phases`: one model and step per phase instance. */
  readonly split: 'whole' | 'phases'
  /** The folder the `.onnx` files and their external data are written to; made if missing. */
  readonly directory: string
  /** Also give out `tokens_0`, `tokens_last` and `pose_enc_iter0`, which golden files hold. Default false. */
  readonly golden?: boolean
}

export interface Step {
  /** Such as `Frame_Attention`; `VGGT` where the whole model is one step. */
  readonly phase: string
  /** Which instance of the phase, such as `frame_blocks.3`. */
  readonly label: string
  /** Path of the `.onnx` file. */
  readonly model: string
  /** Tensor names: `images`, or outputs of earlier steps. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

export interface BuiltModel {
  readonly steps: readonly Step[]
  /** `[1, frames, 3, height, width]`, RGB in 0…1. */
  readonly inputShape: readonly number[]
  /** The model's outputs, such as `pose_enc`, `depth`; each is an output of some step. */
  readonly outputs: readonly string[]
  /** Parameters the graph uses (shared ones count once). */
  readonly parameters: number
  /** Floating-point operations of one run: 2 per multiply-add of every MatMul, Conv and attention. */
  readonly flops: number
}
