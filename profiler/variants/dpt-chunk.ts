/** Frames per pass of a DPT head. */
import { counted } from './variant.ts'

export const dptChunk = counted('dpt-chunk', 'N', { least: 1, example: 4 }, (count) => ({
  title: `${count} frames per head pass`,
  changes: `depth and point heads run on ${count} frames at a time instead of 8`,
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { dptChunk: count },
}))
