/** Options → ONNX files and the steps to run them in. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildOptions, BuiltModel, Step, WeightSource } from './built.ts'
import { designVggt } from './design.ts'
import type { Draft } from './drafts.ts'
import { DataFile } from './onnx/data-file.ts'
import { byteLength } from './onnx/tensor.ts'
import { opsetOf, writeModel } from './onnx/write-model.ts'
import { fileWeights } from './weights/file-weights.ts'
import { randomWeights } from './weights/random.ts'
import type { Weights } from './weights/weights.ts'

/**
 * From this many bytes of weights on they go to one file beside the models, which a runtime maps into memory.
 */
const externalBytes = 64 * 2 ** 20

/** The file beside the models. */
const dataFileName = 'weights.bin'

/**
 * Builds and writes the model. Throws a UserError for sizes, variants or weights that do not fit, before any
 * file is written. Memory stays near two copies of the largest tensor.
 */
export async function buildVggt(options: BuildOptions): Promise<BuiltModel> {
  const weights = await open(options.weights)
  try {
    const { drafts, plan, requests, ...built } = designVggt(options, weights)
    await weights.check(requests)
    const steps = await write(drafts, options.directory, opsetOf(plan.attention))
    return { steps, ...built }
  } finally {
    await weights.close()
  }
}

const open = (source: WeightSource): Promise<Weights> | Weights =>
  source.kind === 'random' ? randomWeights(source.seed) : fileWeights(source.path)

async function write(drafts: readonly Draft[], directory: string, opset: number): Promise<Step[]> {
  await mkdir(directory, { recursive: true })
  const tensors = new Map(drafts.flatMap(({ graph }) => [...graph.initializers]))
  const total = [...tensors.values()].reduce((sum, tensor) => sum + byteLength(tensor), 0)
  const data = total > externalBytes ? await DataFile.create(join(directory, dataFileName)) : undefined
  try {
    const steps: Step[] = []
    for (const { graph, fileName, ...step } of drafts) {
      const model = join(directory, fileName)
      await writeModel(graph, { path: model, opset, data })
      steps.push({ ...step, model })
    }
    return steps
  } finally {
    await data?.close()
  }
}
