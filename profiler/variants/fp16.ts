/** Half precision where autocast would use it. */
import { single } from './variant.ts'

export const fp16 = single({
  id: 'fp16',
  title: 'Half precision',
  changes:
    'linear layers and attention of ViT and aggregator in float16; residual stream, norms, rotation and heads stay float32',
  backends: ['onnx', 'torch'],
  outputs: { tolerance: 0.02, why: 'float16 has 11 bits of mantissa' },
  edit: { linear: 'fp16' },
})
