/** A linear layer, in the arithmetic the plan asks for. */
import type { Context } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, cast, gemm } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Plan } from '../plan.ts'
import type { Derived } from '../weights/parameters.ts'
import { int8Product } from './int8.ts'

export interface Linear {
  /** State-dict name, without `.weight`. */
  readonly weights: string
  readonly outputs: number
  readonly arithmetic?: Plan['linear']
  /** Another order of the output channels: channel i is the state dict's `order.channels[i]`. */
  readonly order?: ChannelOrder
}

export interface ChannelOrder {
  /** Names the order; part of the initializer's name. */
  readonly form: string
  readonly channels: Int32Array
}

/**
 * `x·Wᵀ + b` on rows: x `[rows, inputs]` → `[rows, outputs]`. One Gemm, W as stored (`[outputs, inputs]`).
 * With `fp16` the result is float16; with `int8` and `fp32` it is float.
 */
export function linear(s: Scope, context: Context, name: string, x: Tensor, layer: Linear): Tensor {
  const inputs = x.shape[1]!
  const { weights, outputs, arithmetic = 'fp32', order } = layer
  const kind = { kind: 'linear', fanIn: inputs } as const
  const matrix = { name: `${weights}.weight`, shape: [outputs, inputs], kind }
  const shift = { name: `${weights}.bias`, shape: [outputs], kind: { kind: 'bias' } as const }
  const rows = ordered([outputs, inputs], order)
  const type = arithmetic === 'fp16' ? 'float16' : 'float'
  const bias = context.parameters.derived(s, shift, { ...ordered([outputs], order), type })
  if (arithmetic === 'int8')
    return add(s, `${name}_bias`, int8Product(s, context, name, x, matrix, rows), bias)
  const weight = context.parameters.derived(s, matrix, { ...rows, type })
  return gemm(s, name, cast(s, `${name}_input`, x, type), weight, bias)
}

/** The form of a tensor whose first axis is put in another order. */
function ordered(shape: readonly number[], order: ChannelOrder | undefined): Derived {
  if (!order) return { form: '', shape, make: (values) => values }
  const stride = shape.slice(1).reduce((product, side) => product * side, 1)
  return {
    form: `.${order.form}`,
    shape,
    make(values) {
      const result = new Float32Array(values.length)
      order.channels.forEach((from, to) => {
        result.set(values.subarray(from * stride, (from + 1) * stride), to * stride)
      })
      return result
    },
  }
}
