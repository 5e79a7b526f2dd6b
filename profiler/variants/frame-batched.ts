/** The baseline's own way, by name: the other side of `frame-seq`. */
import { single } from './variant.ts'

export const frameBatched = single({
  id: 'frame-batched',
  title: 'All frames in one call',
  changes: 'nothing; says that a frame block takes all frames in one call, as the baseline does',
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { frameChunk: Infinity },
})
