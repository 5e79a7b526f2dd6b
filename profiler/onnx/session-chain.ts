/**
 * A built model as a chain of ONNX Runtime sessions, one a step, run one after the other.
 *
 * The threads of a session never spin while they wait (`session.intra_op.allow_spinning` 0). With the default, the idle
 * pools of the other sessions burn the cores that the running one needs: on two cores a tiny model in 12 sessions took
 * nine times as long as in one (332 ms against 38 ms). Whole models run with the same setting, so that both can be compared.
 */
import type { InferenceSession } from 'onnxruntime-node'
import ort from 'onnxruntime-node'
import { UserError } from '../../trace/errors.ts'
import type { BuiltModel, Step } from '../model/built.ts'
import type { Output } from '../model/run-once.ts'
import type { Recorder } from './recorder.ts'

export type Runnable = Pick<BuiltModel, 'steps' | 'inputShape' | 'outputs'>

export interface SessionChoice {
  provider: 'cpu' | 'cuda' | 'webgpu'
  /** Threads inside one operator; the runtime's own choice (one a core) where not given. */
  threads?: number
}

/** The range around one forward pass, and the phase of a model that is one step. */
export const TOP_RANGE = 'VGGT'

export class SessionChain {
  readonly #model: Runnable
  readonly #sessions: InferenceSession[]
  /** For each step, the tensors that no later one reads. */
  readonly #lastUses: string[][]
  readonly #profiled: boolean

  private constructor(model: Runnable, sessions: InferenceSession[], profiled: boolean) {
    this.#model = model
    this.#sessions = sessions
    this.#profiled = profiled
    this.#lastUses = lastUsesOf(model)
  }

  /** Opens a session a step. `profile` gives the file prefix for the profile of each; none is written where not given. */
  static async open(
    model: Runnable,
    choice: SessionChoice,
    profile?: (step: number) => string,
  ): Promise<SessionChain> {
    const sessions = []
    for (const [index, step] of model.steps.entries())
      sessions.push(
        await openSession(step, {
          executionProviders: [choice.provider],
          graphOptimizationLevel: 'all',
          ...(choice.threads !== undefined && { intraOpNumThreads: choice.threads }),
          extra: { session: { intra_op: { allow_spinning: '0' } } },
          ...(profile && { enableProfiling: true, profileFilePrefix: profile(index) }),
        }),
      )
    return new SessionChain(model, sessions, profile !== undefined)
  }

  /** One forward pass, ranges around it and around each step. Answers with the model's outputs. */
  async run(images: Float32Array, recorder: Recorder): Promise<Map<string, Output>> {
    const { steps, inputShape, outputs } = this.#model
    const tensors = new Map<string, ort.Tensor>([
      ['images', new ort.Tensor('float32', images, [...inputShape])],
    ])
    recorder.enter(TOP_RANGE)
    for (const [index, step] of steps.entries()) {
      const feeds = Object.fromEntries(step.inputs.map((name) => [name, tensors.get(name)!]))
      if (step.phase !== TOP_RANGE) recorder.enter(step.phase)
      const results = await this.#sessions[index]!.run(feeds, step.outputs)
      if (step.phase !== TOP_RANGE) recorder.leave()
      for (const name of step.outputs) tensors.set(name, results[name]!)
      for (const name of this.#lastUses[index]!) tensors.delete(name)
    }
    recorder.leave()
    return new Map(
      outputs.map((name) => {
        const tensor = tensors.get(name)!
        return [name, { shape: tensor.dims, values: tensor.data as Float32Array }]
      }),
    )
  }

  /** Writes the profiles, where they were asked for, and frees the sessions. */
  async close(): Promise<void> {
    for (const session of this.#sessions) {
      if (this.#profiled) session.endProfiling()
      await session.release()
    }
  }
}

async function openSession(step: Step, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(step.model, options)
  } catch (cause) {
    const provider = String(options.executionProviders?.[0])
    const reason = reasonOf(cause)
    throw provider === 'cpu'
      ? new UserError('failed-check', `ONNX Runtime does not load ${step.phase}: ${reason}`, { cause })
      : new UserError(
          'tool-missing',
          `ONNX Runtime has no working ${provider} here: ${reason}; use --device cpu${provider === 'cuda' ? ' (docs/capture.md says how to turn CUDA on)' : ''}`,
          { cause },
        )
  }
}

/** One line, without the place in the runtime's own sources: "…/context.cc:136 … was false. No supported adapters". */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause))
    .split('\n')[0]!
    .replace(/^\S+:\d+ .* was false\. /, '')

function lastUsesOf({ steps, outputs }: Runnable): string[][] {
  return steps.map((step, index) => {
    const later = new Set([...steps.slice(index + 1).flatMap(({ inputs }) => inputs), ...outputs])
    return [...step.inputs, ...step.outputs].filter((name) => !later.has(name))
  })
}
