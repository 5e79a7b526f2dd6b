/** A deliberately slow way: many small operators where few large ones would do. */
import { single } from './variant.ts'

export const frameSeq = single({
  id: 'frame-seq',
  title: 'One frame per attention call',
  changes: 'each frame block runs once per frame instead of once for all frames',
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { frameChunk: 1 },
})
