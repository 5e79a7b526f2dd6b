/**
 * The transformer blocks of a VGGT run, told by the launch grids of their flash-attention kernels: how many sequences of how
 * many tokens each ran over. ViT and frame blocks run S sequences of P tokens, global blocks one of S · P.
 */
import { DeviceOpKind } from '../trace/tables.ts'
import { attentionGrids, isFlashForward } from './attention-grids.ts'
import { derived } from './derived.ts'
import { vggtInput } from './vggt-input.ts'
import { block, EXTRA_TOKENS } from './vggt-work.ts'
import type { VggtShape, Work } from './vggt-work.ts'

export interface AttentionWork extends Work {
  /** Row of device_op. */
  op: number
  isGlobal: boolean
}

/** Per flash-attention kernel, in time order; empty where the capture's grids are not VGGT's, or its images not known. */
export const attentionWork = derived((trace): readonly AttentionWork[] => {
  const grids = attentionGrids(trace)
  const input = vggtInput(trace)
  if (grids === undefined || !grids.isAlternating || 'why' in input) return []
  const { frames, rows, columns } = input.images
  const tokens = rows * columns + EXTRA_TOKENS
  const { device_op: ops, strings } = trace
  const work: AttentionWork[] = []
  for (let op = 0; op < ops.length; op++) {
    if (ops.kind[op] !== DeviceOpKind.kernel || ops.gridZ?.[op] !== grids.heads) continue
    if (!isFlashForward(strings[ops.name[op]!]!)) continue
    const isGlobal = ops.gridY?.[op] === 1
    if (!isGlobal && ops.gridY?.[op] !== frames) continue
    const { width } = input.shape
    work.push({
      op,
      isGlobal,
      ...(isGlobal ? block(width, 1, frames * tokens) : block(width, frames, tokens)),
    })
  }
  return work
})

/** Flash-attention kernels of one forward: a block of the ViT, or of either kind of attention, has one. */
export const blocksOfForward = ({ depth, vitDepth }: VggtShape): number => vitDepth + 2 * depth

/** Model FLOPs of a whole VGGT aggregator: ViT and frame blocks over frames, global blocks over all tokens. */
export function aggregatorFlops(frames: number, tokens: number, width = 1024, depth = 24): number {
  const each = block(width, frames, tokens).flops
  return depth * (2 * each + block(width, 1, frames * tokens).flops)
}
