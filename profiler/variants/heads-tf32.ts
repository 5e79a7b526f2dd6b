/** The heads on tensor cores. */
import { single } from './variant.ts'

export const headsTf32 = single({
  id: 'heads-tf32',
  title: 'Heads in TF32',
  changes: 'matrix products and convolutions of the heads may use TF32',
  backends: ['torch'],
  outputs: { tolerance: 0.05, why: 'TF32 has 11 bits of mantissa' },
  edit: {},
})
