/** A convolution with weights; padded so that stride 1 keeps the size. */
import type { Context } from '../context.ts'
import { weight } from '../context.ts'
import { conv } from '../onnx/image-ops.ts'
import type { Scope } from '../onnx/graph.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { WeightKind } from '../weights/weights.ts'

interface ConvLayer {
  /** State-dict name, without `.weight`. */
  readonly weights: string
  readonly outputs: number
  readonly kernel: number
  readonly stride?: number
  readonly bias?: boolean
  readonly kind?: WeightKind
}

export function convLayer(s: Scope, context: Context, name: string, x: Tensor, layer: ConvLayer): Tensor {
  const inputs = x.shape[1]!
  const { weights, outputs, kernel, stride = 1, bias = true } = layer
  const kind = layer.kind ?? { kind: 'linear', fanIn: inputs * kernel ** 2 }
  const matrix = weight(s, context, `${weights}.weight`, [outputs, inputs, kernel, kernel], kind)
  const shift = bias ? weight(s, context, `${weights}.bias`, [outputs], { kind: 'bias' }) : undefined
  return conv(s, name, x, matrix, shift, { stride, padding: (kernel - 1) / 2 })
}
