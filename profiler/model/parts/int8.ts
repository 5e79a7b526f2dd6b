/**
 * `x·Wᵀ` on rows, with both sides as 8-bit integers: the activations quantised as they come, the weights when
 * the model is written.
 */
import type { Context } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { cast, multiply } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Derived } from '../weights/parameters.ts'
import type { WeightRequest } from '../weights/weights.ts'
import { transpose } from './transpose.ts'

/**
 * Activations: one scale and zero point for the whole tensor (DynamicQuantizeLinear, 0…255). Weights: one
 * scale per output channel, stored as 128 + round(w / scale) in 1…255 with zero point 128. Unsigned, because
 * AVX2's unsigned-by-signed multiply adds pairs in 16 bits, where 255·127·2 = 64,770 saturates at 32,767.
 */
export function int8Product(
  s: Scope,
  context: Context,
  name: string,
  x: Tensor,
  request: WeightRequest,
  rows: Derived,
): Tensor {
  const [outputs, inputs] = request.shape as [number, number]
  const matrix = context.parameters.derived(s, request, {
    form: `${rows.form}.int8`,
    type: 'uint8',
    shape: [inputs, outputs],
    make: (values) => quantised(rows.make(values) as Float32Array, outputs, inputs),
  })
  const scales = context.parameters.derived(s, request, {
    form: `${rows.form}.scale`,
    shape: [outputs],
    make: (values) => scalesOf(rows.make(values) as Float32Array, outputs, inputs),
  })
  const zero = s.graph.initializer({
    name: 'uint8:128',
    type: 'uint8',
    shape: [],
    bytes: () => Uint8Array.of(128),
  })
  const [whole, scale, zeroPoint] = s.graph.add(
    s.name(`${name}_quantise`),
    'DynamicQuantizeLinear',
    [x],
    [{ shape: x.shape, type: 'uint8' }, { shape: [] }, { shape: [], type: 'uint8' }],
  ) as [Tensor, Tensor, Tensor]
  const shape = [x.shape[0]!, outputs]
  const sums = s.node(
    name,
    'MatMulInteger',
    [whole, matrix, zeroPoint, zero],
    { shape, type: 'int32' },
    { flops: 2 * sizeOf(shape) * inputs },
  )
  const factor = multiply(s, `${name}_scale`, scale, scales)
  return multiply(s, `${name}_rescale`, cast(s, `${name}_float`, sums, 'float'), factor)
}

/** Largest magnitude of each row, over 127; a row of zeros has scale 1. */
export function scalesOf(values: Float32Array, rows: number, columns: number): Float32Array {
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    let largest = 0
    for (let at = row * columns; at < (row + 1) * columns; at++)
      largest = Math.max(largest, Math.abs(values[at]!))
    scales[row] = largest === 0 ? 1 : largest / 127
  }
  return scales
}

/** `[rows, columns]` → `[columns, rows]`, each value over its row's scale, rounded, plus 128. */
function quantised(values: Float32Array, rows: number, columns: number): Uint8Array {
  const scales = scalesOf(values, rows, columns)
  const scaled = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    const scale = scales[row]!
    for (let at = row * columns; at < (row + 1) * columns; at++)
      scaled[at] = Math.round(values[at]! / scale) + 128
  }
  return Uint8Array.from(transpose(scaled, rows, columns))
}
