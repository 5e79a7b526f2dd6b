/** Weights cast once instead of in every run. */
import { single } from './variant.ts'

export const bf16Weights = single({
  id: 'bf16-weights',
  title: 'Weights stored as bfloat16',
  changes: 'weights of ViT and aggregator are cast to bfloat16 once, not by autocast in every run',
  backends: ['torch'],
  outputs: {
    tolerance: 0.1,
    why: 'bfloat16 has 8 bits of mantissa; on CUDA autocast rounds the same weights, and nothing changes',
  },
  edit: {},
})
