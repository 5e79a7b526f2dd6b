/** Images as they come in → as the patch embedding wants them. */
import type { Context } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { binary, reshape } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'

/** Mean and standard deviation of ImageNet's red, green and blue, of values in 0…1. */
const mean = [0.485, 0.456, 0.406]
const deviation = [0.229, 0.224, 0.225]

/** `[1, S, 3, H, W]` in 0…1 → `[S, 3, H, W]`, normalised. */
export function preprocess(s: Scope, { sizes }: Context, images: Tensor): Tensor {
  const frames = reshape(s, 'frames', images, [sizes.frames, 3, sizes.height, sizes.width])
  const perChannel = (name: string, values: readonly number[]): Tensor =>
    s.constant(name, [1, 3, 1, 1], () => Float32Array.from(values))
  const centred = binary(s, 'subtract_mean', 'Sub', frames, perChannel('image_mean', mean))
  return binary(s, 'divide_deviation', 'Div', centred, perChannel('image_deviation', deviation))
}
