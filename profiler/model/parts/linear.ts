/** A linear layer, in the arithmetic the plan asks for. */
import type { Context } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, cast, matmul } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Plan } from '../plan.ts'
import type { Derived } from '../weights/parameters.ts'
import { int8Matmul } from './int8.ts'
import { transposed } from './weight-forms.ts'

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
 * `x·Wᵀ + b` over the last axis. PyTorch stores W as [outputs, inputs]; MatMul wants it transposed, which is done
 * once, when the model is written. With `fp16` the result is float16; with `int8` and `fp32` it is float.
 */
export function linear(s: Scope, context: Context, name: string, x: Tensor, layer: Linear): Tensor {
  const inputs = x.shape.at(-1)!
  const { weights, outputs, arithmetic = 'fp32', order } = layer
  const weightRequest = {
    name: `${weights}.weight`,
    shape: [outputs, inputs],
    kind: { kind: 'linear', fanIn: inputs } as const,
  }
  const biasRequest = { name: `${weights}.bias`, shape: [outputs], kind: { kind: 'bias' } as const }
  const type = arithmetic === 'fp16' ? 'float16' : 'float'
  const bias = context.parameters.derived(s, biasRequest, { ...ordered([outputs], order), type })
  const rows = ordered([outputs, inputs], order)
  if (arithmetic === 'int8') {
    return add(s, `${name}_bias`, int8Matmul(s, context, name, x, weightRequest, rows), bias)
  }
  const matrix = context.parameters.derived(s, weightRequest, { ...transposed(rows, outputs, inputs), type })
  return add(s, `${name}_bias`, matmul(s, name, cast(s, `${name}_input`, x, type), matrix), bias)
}

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
