/**
 * A very small model in ONNX, written byte by byte, for tests of everything that runs models.
 *
 * It has the node names of the real one and nothing of its meaning: each phase is a few MatMuls and Relus on the last
 * axis of `images` [1, frames, 3, height, width].
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TinyStep {
  phase: string
  label: string
  model: string
  inputs: string[]
  outputs: string[]
}

type Bytes = number[]
const varint = (value: number): Bytes => {
  const out: Bytes = []
  for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) | 128)
  return [...out, value]
}
const int = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)]
const bytes = (field: number, body: ArrayLike<number>): Bytes => [
  ...varint(field * 8 + 2),
  ...varint(body.length),
  ...Array.from(body),
]
const text = (field: number, value: string): Bytes => bytes(field, Buffer.from(value))

interface TinyNode {
  name: string
  op: string
  input: string[]
  output: string
}

const floats = 1
const value = (field: number, name: string, shape: readonly number[]): Bytes =>
  bytes(field, [
    ...text(1, name),
    ...bytes(
      2,
      bytes(1, [
        ...int(1, floats),
        ...bytes(
          2,
          shape.flatMap((size) => bytes(1, int(1, size))),
        ),
      ]),
    ),
  ])

function model(nodes: TinyNode[], inputs: string[], outputs: string[], shape: readonly number[]): Uint8Array {
  const width = shape.at(-1)!
  const weight = Float32Array.from({ length: width * width }, (_, i) => Math.sin(i) / width)
  const graph = [
    ...nodes.flatMap((node) =>
      bytes(1, [
        ...node.input.flatMap((name) => text(1, name)),
        ...text(2, node.output),
        ...text(3, node.name),
        ...text(4, node.op),
      ]),
    ),
    ...text(2, 'tiny'),
    ...bytes(5, [
      ...int(1, width),
      ...int(1, width),
      ...int(2, floats),
      ...text(8, 'weight'),
      ...bytes(9, new Uint8Array(weight.buffer)),
    ]),
    ...inputs.flatMap((name) => value(11, name, shape)),
    ...outputs.flatMap((name) => value(12, name, shape)),
  ]
  return Uint8Array.from([...int(1, 8), ...bytes(8, [...text(1, ''), ...int(2, 17)]), ...bytes(7, graph)])
}

/** Nodes of one phase: `pairs` times MatMul and Relu, named `<phase>/<label>/attn/proj_k/MatMul`. */
function phase(prefix: string, from: string, to: string, pairs: number): TinyNode[] {
  const nodes: TinyNode[] = []
  for (let i = 0; i < pairs; i++) {
    const last = i === pairs - 1
    const middle = `${prefix}:${i}`
    nodes.push(
      {
        name: `${prefix}/attn/proj_${i}/MatMul`,
        op: 'MatMul',
        input: [i === 0 ? from : `${prefix}:out${i - 1}`, 'weight'],
        output: middle,
      },
      {
        name: `${prefix}/act_${i}/Relu`,
        op: 'Relu',
        input: [middle],
        output: last ? to : `${prefix}:out${i}`,
      },
    )
  }
  return nodes
}

const PHASES = [
  ['Patch_Embed', 'blocks.0', 'images', 'tokens_a'],
  ['Frame_Attention', 'frame_blocks.0', 'tokens_a', 'tokens_b'],
  ['Global_Attention', 'global_blocks.0', 'tokens_b', 'tokens_c'],
  ['Depth_Head', 'refinenet1', 'tokens_c', 'depth'],
] as const

/** Writes the model into `directory`, whole or one file a phase, and says how to run it. */
export function writeTinyModel(
  directory: string,
  shape: readonly number[],
  split: 'whole' | 'phases',
  pairs = 6,
): TinyStep[] {
  const parts = PHASES.map(([name, label, from, to]) => ({
    phase: name as string,
    label: label as string,
    inputs: [from as string],
    outputs: [to as string],
    nodes: phase(`${name}/${label}`, from, to, pairs),
  }))
  const steps =
    split === 'phases'
      ? parts
      : [
          {
            phase: 'VGGT',
            label: 'whole',
            inputs: ['images'],
            outputs: ['depth'],
            nodes: parts.flatMap((part) => part.nodes),
          },
        ]
  return steps.map(({ nodes, ...step }, i) => {
    const path = join(directory, `${split}-${i}.onnx`)
    writeFileSync(path, model(nodes, step.inputs, step.outputs, shape))
    return { ...step, model: path }
  })
}
