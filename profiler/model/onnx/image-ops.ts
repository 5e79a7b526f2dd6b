/** Operators on images `[N, channels, height, width]`: convolution, its transpose, resizing. */
import type { Scope } from './graph.ts'
import type { Tensor } from './tensor.ts'
import { sizeOf } from './tensor.ts'

interface ConvOptions {
  readonly stride?: number
  readonly padding?: number
}

/** Square kernel, one stride and padding for both axes. `weight` is `[out, in, k, k]`. */
export function conv(
  s: Scope,
  name: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  { stride = 1, padding = 0 }: ConvOptions = {},
): Tensor {
  const [out, channels, kernel] = weight.shape as [number, number, number]
  const side = (pixels: number): number => Math.floor((pixels + 2 * padding - kernel) / stride) + 1
  const shape = [x.shape[0]!, out, side(x.shape[2]!), side(x.shape[3]!)]
  return s.node(
    name,
    'Conv',
    [x, weight, bias],
    { shape },
    {
      attributes: {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: [padding, padding, padding, padding],
      },
      flops: 2 * sizeOf(shape) * channels * kernel * kernel,
    },
  )
}

/** Each pixel becomes a k×k square (stride = kernel). `weight` is `[in, out, k, k]`. */
export function convTranspose(s: Scope, name: string, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [channels, out, kernel] = weight.shape as [number, number, number]
  const shape = [x.shape[0]!, out, x.shape[2]! * kernel, x.shape[3]! * kernel]
  return s.node(
    name,
    'ConvTranspose',
    [x, weight, bias],
    { shape },
    {
      attributes: { kernel_shape: [kernel, kernel], strides: [kernel, kernel] },
      // Every output pixel is made from exactly one input pixel.
      flops: 2 * sizeOf(shape) * channels,
    },
  )
}

/** Bilinear, corners on corners (PyTorch's `align_corners=True`). */
export function resizeBilinear(s: Scope, name: string, x: Tensor, height: number, width: number): Tensor {
  const shape = [x.shape[0]!, x.shape[1]!, height, width]
  return s.node(
    name,
    'Resize',
    [x, undefined, undefined, s.int64(...shape)],
    { shape },
    { attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' } },
  )
}
