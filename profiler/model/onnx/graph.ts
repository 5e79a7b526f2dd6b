/**
 * A graph under construction, and the scopes that give its nodes their paths.
 *
 * A node's name is its path: `Frame_Attention/frame_blocks.3/attn/qkv`. The leading segments are the phase,
 * the last says the operation. A trace importer recovers phases from these names, so none is ever made up or
 * numbered.
 */
import type { ElementType, Initializer, Tensor } from './tensor.ts'
import { bytesOf, sizeOf } from './tensor.ts'

export type AttributeValue = number | string | readonly number[] | { readonly float: number }

export interface Node {
  readonly name: string
  readonly op: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** What a node gives out: a shape, and a type where it is not float. */
export interface Result {
  readonly shape: readonly number[]
  readonly type?: ElementType
}

export interface NodeOptions {
  readonly domain?: string
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  /** Floating-point operations of the node, where it is one that counts: MatMul, Conv, attention. */
  readonly flops?: number
}

export class Graph {
  readonly nodes: Node[] = []
  readonly initializers = new Map<string, Initializer>()
  readonly inputs: Tensor[] = []
  readonly outputs: Tensor[] = []
  /** Inner tensor name → the name it has as an output of the graph. */
  readonly outputNames = new Map<string, string>()
  flops = 0
  private readonly taken = new Set<string>()

  input(name: string, type: ElementType, shape: readonly number[]): Tensor {
    const tensor = { name, type, shape }
    this.inputs.push(tensor)
    return tensor
  }

  /** Gives a tensor out under a name of its own. */
  output(tensor: Tensor, name: string): void {
    let source = tensor
    const isInput = this.inputs.some((input) => input.name === tensor.name)
    // A tensor has one name; a second one (or one for an input) needs a node that passes it on.
    if (isInput || this.outputNames.has(tensor.name)) {
      source = this.add(
        `Outputs/${name}`,
        'Identity',
        [tensor],
        [{ shape: tensor.shape, type: tensor.type }],
      )[0]!
    }
    this.outputNames.set(source.name, name)
    this.outputs.push({ ...source, name })
  }

  initializer(value: Initializer): Tensor {
    if (!this.initializers.has(value.name)) this.initializers.set(value.name, value)
    return value
  }

  add(
    name: string,
    op: string,
    inputs: readonly (Tensor | undefined)[],
    results: readonly Result[],
    options: NodeOptions = {},
  ): Tensor[] {
    if (this.taken.has(name)) throw new Error(`two nodes of one graph are named ${name}`)
    this.taken.add(name)
    const outputs = results.map((result, index) => ({
      name: index === 0 ? name : `${name}:${index}`,
      type: result.type ?? ('float' as const),
      shape: result.shape,
    }))
    this.nodes.push({
      name,
      op,
      domain: options.domain ?? '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: outputs.map((output) => output.name),
      attributes: options.attributes ?? {},
    })
    this.flops += options.flops ?? 0
    return outputs
  }
}

/** A place in a graph: what is added here is named under its path. */
export class Scope {
  readonly graph: Graph
  readonly path: string

  constructor(graph: Graph, path = '') {
    this.graph = graph
    this.path = path
  }

  at(segment: string): Scope {
    return new Scope(this.graph, this.name(segment))
  }

  name(segment: string): string {
    return this.path === '' ? segment : `${this.path}/${segment}`
  }

  /** Adds a node with one result. `name` may have slashes of its own. */
  node(
    name: string,
    op: string,
    inputs: readonly (Tensor | undefined)[],
    result: Result,
    options?: NodeOptions,
  ): Tensor {
    return this.graph.add(this.name(name), op, inputs, [result], options)[0]!
  }

  /** A float constant; `name` says what it holds, in full: it is not put under the path. */
  constant(name: string, shape: readonly number[], values: () => Float32Array): Tensor {
    return this.graph.initializer({ name, type: 'float', shape, bytes: () => bytesOf(values()) })
  }

  /** One float, named by its value. */
  scalar(value: number): Tensor {
    return this.constant(`float:${value}`, [], () => Float32Array.of(value))
  }

  /** A short list of integers, such as a shape: named by what it holds. */
  int64(...values: readonly number[]): Tensor {
    return this.indices(`int64:${values.join(',')}`, values)
  }

  /** A list of integers too long to be its own name. */
  indices(name: string, values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
    if (sizeOf(shape) !== values.length)
      throw new Error(`${name}: ${values.length} values do not fill its shape`)
    const bytes = (): Uint8Array => bytesOf(BigInt64Array.from(values, BigInt))
    return this.graph.initializer({ name, type: 'int64', shape, bytes })
  }
}
