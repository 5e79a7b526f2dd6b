/** torch.compile. */
import { single } from './variant.ts'

export const compile = single({
  id: 'compile',
  title: 'torch.compile',
  changes: 'blocks are compiled, which fuses their elementwise operators; wants rope-nosync',
  backends: ['torch'],
  outputs: { tolerance: 0.05, why: 'fused operators round in other places' },
  edit: {},
})
