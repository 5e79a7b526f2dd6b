/** The heads in half precision. */
import { single } from './variant.ts'

export const headsBf16 = single({
  id: 'heads-bf16',
  title: 'Heads in bfloat16',
  changes: 'depth and point heads run in bfloat16; they are float32 in the published model',
  backends: ['torch'],
  outputs: { tolerance: 0.1, why: 'bfloat16 has 8 bits of mantissa, and the heads end in an exponential' },
  edit: {},
})
