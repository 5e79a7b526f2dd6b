/** Fewer keys and values in global attention. */
import { counted } from './variant.ts'

export const kvSub = counted('kv-sub', 'R', { least: 2, example: 2 }, (factor) => ({
  title: `One key in ${factor}`,
  changes: `global attention sees one patch in ${factor} (and all special tokens) as keys and values`,
  backends: ['onnx', 'torch'],
  outputs: { tolerance: 1, why: 'the average over keys is taken over a part of them' },
  edit: { keySubsample: factor },
}))
