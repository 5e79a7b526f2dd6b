/** A finished graph → an `.onnx` file. */
import { writeFile } from 'node:fs/promises'
import type { AttentionForm } from '../built.ts'
import type { DataFile } from './data-file.ts'
import type { AttributeValue, Graph, Node } from './graph.ts'
import { attributeTypeCode, dataTypeCode, externalLocation, modelType } from './schema.ts'
import type { Initializer, Tensor } from './tensor.ts'
import { byteLength } from './tensor.ts'

/**
 * Smaller tensors (shapes, scalars, biases of small layers) stay inside the model even beside a data file.
 */
const inlineBytes = 1024

/** The standard operator set a model needs: 20 for exact Gelu, 23 for Attention. */
export const opsetOf = (form: AttentionForm): number => (form === 'onnx23' ? 23 : 20)

export interface ModelFile {
  readonly path: string
  /** Version of the standard operator set. */
  readonly opset: number
  /** Where large tensors go; without it, everything is inside the model file. */
  readonly data?: DataFile
}

/** Writes the model. One tensor's bytes are held at a time where there is a data file. */
export async function writeModel(graph: Graph, file: ModelFile): Promise<void> {
  const rename = (name: string): string => graph.outputNames.get(name) ?? name
  const initializer = []
  for (const tensor of graph.initializers.values())
    initializer.push(await encodeInitializer(tensor, file.data))
  const message = modelType.fromObject({
    irVersion: file.opset >= 23 ? 11 : 9,
    producerName: 'parallax',
    opsetImport: [
      { domain: '', version: file.opset },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: 'vggt',
      node: inRunOrder(graph).map((node) => encodeNode(node, rename)),
      initializer,
      input: graph.inputs.map(encodeValue),
      output: graph.outputs.map(encodeValue),
    },
  })
  await writeFile(file.path, modelType.encode(message).finish())
}

/**
 * The nodes with the ends of the graph (whose results no node reads) last and last end first. ONNX Runtime
 * orders its work by walking back from each end, starting with the last one in the file; so what was added
 * first runs first.
 */
function inRunOrder({ nodes }: Graph): Node[] {
  const read = new Set(nodes.flatMap((node) => node.inputs))
  const isEnd = (node: Node): boolean => !node.outputs.some((output) => read.has(output))
  return [...nodes.filter((node) => !isEnd(node)), ...nodes.filter(isEnd).reverse()]
}

async function encodeInitializer(tensor: Initializer, data: DataFile | undefined): Promise<object> {
  const head = { name: tensor.name, dims: tensor.shape, dataType: dataTypeCode[tensor.type] }
  if (!data || byteLength(tensor) < inlineBytes) return { ...head, rawData: await tensor.bytes() }
  const place = await data.place(tensor.name, tensor.bytes)
  return {
    ...head,
    dataLocation: externalLocation,
    externalData: [
      { key: 'location', value: place.location },
      { key: 'offset', value: String(place.offset) },
      { key: 'length', value: String(place.length) },
    ],
  }
}

function encodeNode(node: Node, rename: (name: string) => string): object {
  return {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: node.inputs.map(rename),
    output: node.outputs.map(rename),
    attribute: Object.entries(node.attributes).map(([name, value]) => ({ name, ...encodeAttribute(value) })),
  }
}

function encodeAttribute(value: AttributeValue): object {
  if (typeof value === 'string') return { type: attributeTypeCode.string, s: Buffer.from(value) }
  if (typeof value === 'number') return { type: attributeTypeCode.int, i: value }
  if ('float' in value) return { type: attributeTypeCode.float, f: value.float }
  return { type: attributeTypeCode.ints, ints: value }
}

const encodeValue = (tensor: Tensor): object => ({
  name: tensor.name,
  type: {
    tensorType: {
      elemType: dataTypeCode[tensor.type],
      shape: { dim: tensor.shape.map((side) => ({ dimValue: side })) },
    },
  },
})
