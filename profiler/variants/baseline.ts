/** The model as its authors publish it. */
import { single } from './variant.ts'

export const baseline = single({
  id: 'baseline',
  title: 'The model as published',
  changes: 'nothing: frames batched, every layer kept, heads eight frames at a time',
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: {},
})
