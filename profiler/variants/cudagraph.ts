/** CUDA graphs. */
import { single } from './variant.ts'

export const cudagraph = single({
  id: 'cudagraph',
  title: 'CUDA graph',
  changes:
    'the aggregator is captured once and replayed, one launch in place of thousands; wants rope-nosync',
  backends: ['torch'],
  outputs: 'same',
  edit: {},
})
