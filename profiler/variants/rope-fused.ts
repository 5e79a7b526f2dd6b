/** Rotary embedding as one operator instead of five. */
import { single } from './variant.ts'

export const ropeFused = single({
  id: 'rope-fused',
  title: 'Rotary embedding in one operator',
  changes: 'queries and keys are turned by one operator each, with the channels of both reordered to suit it',
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { rope: 'fused' },
})
