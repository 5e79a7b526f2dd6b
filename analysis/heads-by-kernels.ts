/**
 * Which heads ran, by kernels that only they launch in PyTorch: a DPT head enlarges its maps five times for each chunk of
 * frames; the point head ends in expm1, once a chunk; the camera head attends over frames in each round and trunk block,
 * in full precision and so not by flash attention.
 *
 *   130 × upsample_bilinear2d, 13 × expm1     13 chunks of two heads of five enlargements each: depth and points
 */
import type { Trace } from '../trace/trace.ts'
import { isFlashForward } from './attention-grids.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import { CAMERA_ROUNDS } from './vggt-work.ts'
import type { VggtPart, VggtShape } from './vggt-work.ts'

const ENLARGEMENTS = 5

/** The heads behind some ops of `forwards` forwards; or why they are not known. */
export function headsAmong(
  trace: Trace,
  ops: readonly number[],
  forwards: number,
  { cameraDepth }: VggtShape,
): VggtPart[] | { why: string } {
  const { device_op, strings } = trace
  const classes = classOfOps(trace)
  let enlargements = 0
  let points = 0
  let attentions = 0
  for (const op of ops) {
    const name = strings[device_op.name[op]!]!
    if (/upsample_bilinear2d/.test(name)) enlargements++
    if (/expm1/.test(name)) points++
    if (BUSY_CLASSES[classes[op]!] === 'attention' && !isFlashForward(name)) attentions++
  }
  const perChunk = enlargements / ENLARGEMENTS / (points === 0 ? 1 : points)
  if (enlargements === 0 || (points === 0 ? !Number.isInteger(perChunk) : perChunk !== 1 && perChunk !== 2))
    return {
      why: `${enlargements} enlarging and ${points} expm1 kernels do not tell which heads ran`,
    }
  const dpt: VggtPart[] =
    points === 0 ? ['Depth head'] : perChunk === 2 ? ['Depth head', 'Point head'] : ['Point head']
  return attentions === forwards * CAMERA_ROUNDS * cameraDepth ? ['Camera head', ...dpt] : dpt
}
