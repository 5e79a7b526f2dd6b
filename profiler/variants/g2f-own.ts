/** Early global blocks made local, as AVGGT proposes. */
import { counted } from './variant.ts'

export const g2fOwn = counted('g2f-own', 'K', { least: 1, example: 4 }, (count) => ({
  title: `First ${count} global blocks local, own weights`,
  changes: `the first ${count} global blocks attend within each frame only, with their own weights`,
  backends: ['onnx', 'torch'],
  outputs: { tolerance: 0.5, why: 'tokens of different frames no longer meet in these blocks' },
  edit: { localGlobal: { layers: count, weights: 'own' } },
}))
