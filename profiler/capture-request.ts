/** What a person asks to be captured, and what a backend gives back. */
import type { CaptureSource } from '../trace/capture.ts'
import type { Effects } from './effects.ts'
import type { VggtConfig } from './model/config.ts'
import type { WeightSource } from './model/built.ts'
import type { Tools } from './tools.ts'

export interface CaptureRequest {
  backend: 'onnx' | 'torch'
  device: 'auto' | 'cpu' | 'cuda' | 'webgpu'
  /** What the model is called, and its numbers. */
  model: string
  config: VggtConfig
  weights: WeightSource
  frames: number
  /** Pixels. */
  height: number
  width: number
  /** A folder of images or a video; made-up images where not given. */
  input?: string
  /** Variant ids that are applied together; none is the model as published. */
  variants: readonly string[]
  iterations: number
  warmup: number
  /** Of made-up images. */
  seed: number
  nsys: 'auto' | 'on' | 'off'
  /** Threads inside one operator; the runtime's own choice where not given. */
  threads?: number
  /** Compare outputs with the unmodified model's: one more model, one more run. Default true. */
  reference?: boolean
  /** Runs of each form, in turns, to say what splitting and profiling cost; 0: none. Default 5. */
  timedRuns?: number
  /** Folder for captures; each gets one of its own inside. */
  out: string
}

/** What a capture needs of the outside. */
export interface CaptureWorld {
  effects: Effects
  tools: Tools
  /** Folder for models and other large files that are removed afterwards. */
  scratch: string
  /** What is being done, in a few words. */
  progress?: (doing: string) => void
  signal?: AbortSignal
}

/** What a backend tells of one capture; `capture.ts` makes the manifest of it. */
export interface BackendCapture {
  facts: Record<string, string | number>
  sources: CaptureSource[]
  steps?: { top: string; phases: string[]; runsBefore: number; iterations: number }
  captureRange?: string
  startedAtMs: number
  warnings: string[]
  /** What did not hold, in one line each: outputs farther off than the variant states. */
  failedChecks: string[]
}

/** A model that is built and can be captured, any number of times. */
export interface PreparedCapture {
  /** Captures into a folder, which exists and is empty. */
  capture(folder: string): Promise<BackendCapture>
  /** Removes what it built. */
  release(): Promise<void>
}

export interface Backend {
  readonly id: CaptureRequest['backend']
  readonly title: string
  /** What it needs, in a few words. */
  readonly needs: string
  /** Why it cannot run here; undefined where it can. */
  unavailable(tools: Tools): string | undefined
  prepare(request: CaptureRequest, world: CaptureWorld): Promise<PreparedCapture>
}
