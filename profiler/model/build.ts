/** Options → ONNX files and the steps to run them in. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { planOf } from '../variants/index.ts'
import type { BuildOptions, BuiltModel, Step, WeightSource } from './built.ts'
import { checkConfig } from './config.ts'
import type { Context } from './context.ts'
import { sizesOf } from './context.ts'
import { DataFile } from './onnx/data-file.ts'
import { Graph, Scope } from './onnx/graph.ts'
import type { Tensor } from './onnx/tensor.ts'
import { byteLength } from './onnx/tensor.ts'
import { writeModel } from './onnx/write-model.ts'
import type { Stage } from './stages.ts'
import { outputsOf, stagesOf } from './stages.ts'
import { fileWeights } from './weights/file-weights.ts'
import { Parameters } from './weights/parameters.ts'
import { randomWeights } from './weights/random.ts'
import type { Weights } from './weights/weights.ts'

/** From this many bytes of weights on they go to one file beside the models, which a runtime maps into memory. */
const externalBytes = 64 * 2 ** 20

/** The file beside the models. */
const dataFileName = 'weights.bin'

/** A graph and what is known about the step it will be. */
interface Draft extends Omit<Step, 'model'> {
  readonly fileName: string
  readonly graph: Graph
}

/**
 * Builds and writes the model. Throws a UserError for sizes, variants or weights that do not fit, before any file
 * is written. Memory stays near two copies of the largest tensor.
 */
export async function buildVggt(options: BuildOptions): Promise<BuiltModel> {
  checkConfig(options.config)
  const plan = planOf(options.variants, 'onnx', options.attention)
  const { height, width } = plan.resolution ?? options
  const sizes = sizesOf(options.config, options.frames, height, width)
  const weights = await open(options.weights)
  try {
    const context: Context = { config: options.config, plan, sizes, parameters: new Parameters(weights) }
    const extras = { golden: options.golden ?? false }
    const stages = stagesOf(context, extras)
    const outputs = outputsOf(context, extras)
    const inputShape = [1, sizes.frames, 3, sizes.height, sizes.width]
    const drafts =
      options.split === 'whole' ? [wholeDraft(stages, outputs, inputShape)] : phaseDrafts(stages, inputShape)
    await weights.check(context.parameters.all())
    const steps = await write(drafts, options.directory, plan.attention === 'onnx23' ? 23 : 20)
    return {
      steps,
      inputShape,
      outputs,
      parameters: context.parameters.count(),
      flops: drafts.reduce((sum, draft) => sum + draft.graph.flops, 0),
    }
  } finally {
    await weights.close()
  }
}

const open = (source: WeightSource): Promise<Weights> | Weights =>
  source.kind === 'random' ? randomWeights(source.seed) : fileWeights(source.path)

/** All stages in one graph. Tensors kept for no head are outputs of the graph, which keeps them alive to the end. */
function wholeDraft(
  stages: readonly Stage[],
  outputs: readonly string[],
  inputShape: readonly number[],
): Draft {
  const graph = new Graph()
  const known = new Map([['images', graph.input('images', 'float', inputShape)]])
  for (const stage of stages) {
    for (const [name, tensor] of Object.entries(buildStage(graph, stage, known))) known.set(name, tensor)
  }
  const read = new Set(stages.flatMap((stage) => stage.inputs))
  const unread = [...known.keys()].filter((name) => !read.has(name) && !outputs.includes(name))
  for (const name of [...outputs, ...unread]) graph.output(known.get(name)!, name)
  return { phase: 'VGGT', label: 'whole', inputs: ['images'], outputs, fileName: 'vggt.onnx', graph }
}

/** Each stage in a graph of its own. */
function phaseDrafts(stages: readonly Stage[], inputShape: readonly number[]): Draft[] {
  const known = new Map<string, Tensor>([['images', { name: 'images', type: 'float', shape: inputShape }]])
  return stages.map((stage, index) => {
    const graph = new Graph()
    const inputs = stage.inputs.map((name) => graph.input(name, 'float', known.get(name)!.shape))
    const made = buildStage(graph, stage, new Map(inputs.map((input) => [input.name, input])))
    for (const [name, tensor] of Object.entries(made)) {
      graph.output(tensor, name)
      known.set(name, tensor)
    }
    const fileName = `${String(index).padStart(2, '0')}-${stage.label}.onnx`
    const { phase, label } = stage
    return { phase, label, inputs: stage.inputs, outputs: Object.keys(made), fileName, graph }
  })
}

const buildStage = (
  graph: Graph,
  stage: Stage,
  known: ReadonlyMap<string, Tensor>,
): Readonly<Record<string, Tensor>> =>
  stage.build(
    new Scope(graph, stage.phase),
    stage.inputs.map((name) => known.get(name)!),
  )

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
