/**
 * The arithmetic behind attention kernels, from their launch grids: for each flash-attention kernel how many sequences of
 * how many tokens it ran, and the FLOPs of the transformer block around it.
 *
 *   block with T tokens in all, width C, attention over groups of N tokens      24 · T · C² + 4 · Σ N² · C
 *   attention alone                                                                            4 · Σ N² · C
 *
 * 24 = 2 · (4 projections of C² + an MLP of 8 C²): VGGT's and any ViT's block with MLP ratio 4.
 */
import { DeviceOpKind } from '../trace/tables.ts'
import { attentionGrids, isFlashForward } from './attention-grids.ts'
import { derived } from './derived.ts'

export interface AttentionWork {
  /** Row of device_op. */
  op: number
  /** Sequences, and tokens of each: frame attention S × P, global attention 1 × S · P. */
  sequences: number
  tokens: number
  /** heads × head size. */
  width: number
  attentionFlops: number
  blockFlops: number
  kind: 'frame' | 'global'
}

/** Per flash-attention kernel, in time order; empty where the capture's grids do not look like VGGT's. */
export const attentionWork = derived((trace): readonly AttentionWork[] => {
  const grids = attentionGrids(trace)
  if (grids === undefined) return []
  const tokens = grids.tokens[1]
  const { device_op: ops, strings } = trace
  const work: AttentionWork[] = []
  for (let op = 0; op < ops.length; op++) {
    if (ops.kind[op] !== DeviceOpKind.kernel) continue
    const name = strings[ops.name[op]!]!
    if (!isFlashForward(name) || ops.gridZ?.[op] !== grids.heads) continue
    const batch = ops.gridY?.[op]
    const isGlobal = batch === 1
    if (!isGlobal && batch !== grids.frames) continue
    const width = grids.heads * headSize(name)
    const [sequences, length] = isGlobal ? [1, grids.frames * tokens] : [grids.frames, tokens]
    const attentionFlops = 4 * sequences * length * length * width
    work.push({
      op,
      sequences,
      tokens: length,
      width,
      attentionFlops,
      blockFlops: 24 * sequences * length * width * width + attentionFlops,
      kind: isGlobal ? 'global' : 'frame',
    })
  }
  return work
})

/** The first template argument of FlashAttention-2's kernel traits; VGGT's 64 where the name does not tell. */
const headSize = (name: string): number => Number(/kernel_traits<(?:\(int\))?(\d+)/.exec(name)?.[1] ?? 64)

/** Model FLOPs of a whole VGGT aggregator: patch embedding and frame blocks over frames, global blocks over all tokens. */
export function aggregatorFlops(frames: number, tokens: number, width = 1024, depth = 24): number {
  const frameBlock = 24 * frames * tokens * width ** 2 + 4 * frames * tokens ** 2 * width
  const globalBlock = 24 * frames * tokens * width ** 2 + 4 * (frames * tokens) ** 2 * width
  return depth * (2 * frameBlock + globalBlock)
}
