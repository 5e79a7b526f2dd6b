/** The published model once kept every layer's tokens; its heads read four. */
import { single } from './variant.ts'

export const keep4 = single({
  id: 'keep4',
  title: 'Keep only the layers that are read',
  changes: 'tokens of layers no head reads are neither concatenated nor kept',
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { keep: 'used' },
})
