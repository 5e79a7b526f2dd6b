/**
 * The DPT heads' positional embedding: sines and cosines of a pixel's place in the image, times 0.1.
 *
 * Places are scaled so that the image's half diagonal is 1: for width W and height H, x runs over ±W/√(W²+H²)
 * and y over ±H/√(W²+H²), each from the first pixel's centre to the last's.
 */
import type { Sizes } from '../context.ts'
import type { Scope } from '../onnx/graph.ts'
import { add, concat, expand } from '../onnx/ops.ts'
import type { Tensor } from '../onnx/tensor.ts'

const strength = 0.1
const base = 100

/** `count` evenly spaced centres in ±span. */
export function centres(count: number, span: number): Float64Array {
  const last = (span * (count - 1)) / count
  if (count === 1) return Float64Array.of(-last)
  return Float64Array.from({ length: count }, (_, index) => -last + (2 * last * index) / (count - 1))
}

/** `[channels, places]`: sines at each frequency, then cosines. Double precision up to the end. */
export function waves(places: Float64Array, channels: number): Float32Array {
  const half = channels / 2
  const table = new Float32Array(channels * places.length)
  for (let k = 0; k < half; k++) {
    const frequency = base ** (-k / half)
    places.forEach((place, index) => {
      table[k * places.length + index] = strength * Math.sin(place * frequency)
      table[(half + k) * places.length + index] = strength * Math.cos(place * frequency)
    })
  }
  return table
}

/**
 * Adds the embedding to x `[n, channels, height, width]`. The first half of the channels depends on x alone
 * and the second on y alone, so the model file holds a row and a column (0.3 MB instead of 137 MB for 128
 * channels at 518×518) and expands them; a runtime that folds constants does that once, at load.
 */
export function addUvEmbedding(s: Scope, sizes: Sizes, x: Tensor): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number]
  const half = channels / 2
  const diagonal = Math.hypot(sizes.width, sizes.height)
  const table = (axis: 'x' | 'y', side: number, span: number, shape: readonly number[]): Tensor => {
    const name = `uv/${axis}:${half}x${side}:${sizes.width}x${sizes.height}`
    const line = s.constant(name, shape, () => waves(centres(side, span), half))
    return expand(s, `uv_${axis}`, line, [1, half, height, width])
  }
  const acrossX = table('x', width, sizes.width / diagonal, [1, half, 1, width])
  const acrossY = table('y', height, sizes.height / diagonal, [1, half, height, 1])
  return add(s, 'add_uv', x, concat(s, 'uv', [acrossX, acrossY], 1))
}
