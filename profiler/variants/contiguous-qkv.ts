/** Queries, keys and values copied to be contiguous before attention. */
import { single } from './variant.ts'

export const contiguousQkv = single({
  id: 'contiguous-qkv',
  title: 'Contiguous queries, keys and values',
  changes: 'queries, keys and values are copied into contiguous memory before attention',
  backends: ['torch'],
  outputs: 'same',
  edit: {},
})
