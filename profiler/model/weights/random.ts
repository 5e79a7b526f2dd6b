/**
 * Seeded random weights: value `i` of a tensor is a function of (seed, tensor name, i) and of nothing else.
 *
 * So weights do not depend on the order they are made in, on variants or on the split, tensors stream one at
 * a time, and another program (a NumPy one-liner over a range of uint32) can make the very same model.
 *
 *   state = fnv1a32(name) xor (seed · 0x9E3779B9)
 *   u(i)  = lowbias32(state + i · 0x9E3779B9) >>> 8, over 2^24          in [0, 1)
 *   value = centre + width · (2·u − 1)                                   rounded to float32 once
 *
 * `lowbias32` is the 32-bit mixer found by C. Wellons' search (nullprogram.com/blog/2018/07/31, public
 * domain); FNV-1a is Fowler, Noll and Vo's. Uniform values: `width` is √3 times the standard deviation
 * wanted.
 */
import { sizeOf } from '../onnx/tensor.ts'
import type { WeightKind, WeightRequest, Weights } from './weights.ts'

const golden = 0x9e3779b9

export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/**
 * Centre and width of a kind. Linear and convolution weights keep a unit variance (std 1/√fanIn); LayerScale
 * is 0.2 ± 0.1, between the 0.01 a fresh model starts from (where blocks would hardly act on the tokens, and
 * no change to them would show in the output) and 1: a residual stream then grows by 4 % a branch at most,
 * about a factor of 3 in standard deviation over the 1b model's 24 + 48 blocks.
 */
export function spread(kind: WeightKind): { readonly centre: number; readonly width: number } {
  switch (kind.kind) {
    case 'linear':
      return { centre: 0, width: Math.sqrt(3 / kind.fanIn) }
    case 'head':
      return { centre: 0, width: 0.3 * Math.sqrt(3 / kind.fanIn) }
    case 'bias':
      return { centre: 0, width: 0.02 }
    case 'norm':
      return { centre: 1, width: 0.1 }
    case 'layer-scale':
      return { centre: 0.2, width: 0.1 }
    case 'token':
      return { centre: 0, width: 0.5 }
  }
}

export function randomTensor(seed: number, request: WeightRequest): Float32Array {
  const values = new Float32Array(sizeOf(request.shape))
  const { centre, width } = spread(request.kind)
  const low = centre - width
  const step = (2 * width) / 2 ** 24
  let state = fnv1a32(request.name) ^ Math.imul(seed, golden)
  for (let index = 0; index < values.length; index++) {
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
    mixed ^= mixed >>> 16
    values[index] = low + (mixed >>> 8) * step
    state = (state + golden) | 0
  }
  return values
}

export function randomWeights(seed: number): Weights {
  return {
    check: () => Promise.resolve(),
    read: (request) => Promise.resolve(randomTensor(seed, request)),
    close: () => Promise.resolve(),
  }
}
