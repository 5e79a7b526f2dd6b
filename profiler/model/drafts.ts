/** Stages → graphs: all in one, or one each. */
import type { Step } from './built.ts'
import { Graph, Scope } from './onnx/graph.ts'
import type { Tensor } from './onnx/tensor.ts'
import type { Stage } from './stages.ts'
import { isLayer } from './stages.ts'

/** A graph and what is known about the step it will be. */
export interface Draft extends Omit<Step, 'model'> {
  readonly fileName: string
  readonly graph: Graph
}

/**
 * All stages in one graph. It has outputs beyond the model's own, for a caller to leave alone: the tokens of
 * layers no head reads, which are kept to the end that way, and one number of each layer a head does read.
 * Without the latter ONNX Runtime, which works backwards from the outputs, would put a layer's tokens
 * together in the midst of the head.
 */
export function wholeDraft(
  stages: readonly Stage[],
  outputs: readonly string[],
  inputShape: readonly number[],
): Draft {
  const graph = new Graph()
  const known = new Map([['images', graph.input('images', 'float', inputShape)]])
  const read = new Set(stages.flatMap((stage) => stage.inputs))
  for (const stage of stages) {
    for (const [name, tensor] of Object.entries(buildStage(graph, stage, known))) {
      known.set(name, tensor)
      if (read.has(name) && isLayer(name)) markMade(graph, stage, name, tensor)
    }
  }
  const unread = [...known.keys()].filter((name) => !read.has(name) && !outputs.includes(name))
  for (const name of [...outputs, ...unread]) graph.output(known.get(name)!, name)
  return { phase: 'VGGT', label: 'whole', inputs: ['images'], outputs, fileName: 'vggt.onnx', graph }
}

/** A tensor's first number as an output: an end of the graph at this place. */
function markMade(graph: Graph, stage: Stage, name: string, tensor: Tensor): void {
  const s = new Scope(graph, stage.phase).at(stage.label)
  const zeros = tensor.shape.map(() => 0)
  const ones = tensor.shape.map(() => 1)
  const first = s.node('made', 'Slice', [tensor, s.int64(...zeros), s.int64(...ones)], { shape: ones })
  graph.output(first, `${name}_made`)
}

/** Each stage in a graph of its own. */
export function phaseDrafts(stages: readonly Stage[], inputShape: readonly number[]): Draft[] {
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
