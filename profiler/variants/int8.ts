/** Dynamic quantisation. */
import { single } from './variant.ts'

export const int8 = single({
  id: 'int8',
  title: '8-bit linear layers',
  changes:
    'linear layers of ViT and aggregator multiply 8-bit integers: weights per output channel, activations as they come (one scale per tensor on onnx, per token on torch)',
  backends: ['onnx', 'torch'],
  outputs: { tolerance: 0.1, why: 'weights and activations are rounded to 8 bits' },
  edit: { linear: 'int8' },
})
