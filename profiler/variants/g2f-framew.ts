/** Early global blocks replaced by a second run of the frame block before them. */
import { counted } from './variant.ts'

export const g2fFramew = counted('g2f-framew', 'K', { least: 1, example: 4 }, (count) => ({
  title: `First ${count} global blocks local, frame weights`,
  changes: `the first ${count} global blocks are replaced by their frame block, run a second time`,
  backends: ['onnx', 'torch'],
  outputs: {
    tolerance: 2,
    why: 'other weights act on the tokens, and frames no longer meet in these blocks',
  },
  edit: { localGlobal: { layers: count, weights: 'frame' } },
}))
