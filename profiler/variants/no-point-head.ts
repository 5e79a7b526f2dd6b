/** Leaves out what a caller who unprojects depth does not need. */
import { single } from './variant.ts'

export const noPointHead = single({
  id: 'no-point-head',
  title: 'No point head',
  changes: 'world_points and world_points_conf are not computed; the other outputs are',
  backends: ['onnx', 'torch'],
  outputs: 'same',
  edit: { pointHead: false },
})
