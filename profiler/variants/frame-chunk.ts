/** Frame blocks in groups, for memory: the MLP's intermediate is four times the tokens. */
import { counted } from './variant.ts'

export const frameChunk = counted('frame-chunk', 'N', { least: 1, example: 4 }, (count) => ({
  title: `${count} frames per frame block call`,
  changes: `each frame block runs on groups of ${count} frames, which bounds its memory`,
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { frameChunk: count },
}))
