/** Runs a built model once on the CPU, for checks: no timing, no profile. */
import type { InferenceSession } from 'onnxruntime-node'
import ort from 'onnxruntime-node'
import type { BuiltModel } from './built.ts'

/** A tensor that came out of the model. */
export interface Output {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * `images` fills the model's input shape. Sessions are opened and released one step at a time; tensors no
 * later step reads are dropped, but for the model's outputs.
 */
export async function runOnce(
  built: BuiltModel,
  images: Float32Array,
  options: InferenceSession.SessionOptions = {},
): Promise<Map<string, Output>> {
  const tensors = new Map([['images', new ort.Tensor('float32', images, built.inputShape)]])
  for (const [index, step] of built.steps.entries()) {
    const session = await ort.InferenceSession.create(step.model, { executionProviders: ['cpu'], ...options })
    const feeds = Object.fromEntries(step.inputs.map((name) => [name, tensors.get(name)!]))
    const results = await session.run(feeds, [...step.outputs])
    await session.release()
    for (const name of step.outputs) tensors.set(name, results[name] as ort.TypedTensor<'float32'>)
    const wanted = new Set([
      ...built.steps.slice(index + 1).flatMap((later) => later.inputs),
      ...built.outputs,
    ])
    for (const name of tensors.keys()) if (!wanted.has(name)) tensors.delete(name)
  }
  return new Map(
    built.outputs.map((name) => {
      const tensor = tensors.get(name)!
      return [name, { shape: tensor.dims, values: tensor.data }]
    }),
  )
}
