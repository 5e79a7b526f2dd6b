/**
 * What the grids of attention kernels tell of a workload: frames, tokens a frame, heads.
 *
 * FlashAttention-2 launches (⌈tokens / 128⌉, batch, heads) blocks. VGGT runs frame attention as a batch of S frames of P
 * tokens and global attention as a batch of one sequence of S · P tokens:
 *
 *   frame   (9, 101, 16)     101 frames, 16 heads, 1,024 < P ≤ 1,152
 *   global  (822, 1, 16)     105,088 < 101 · P ≤ 105,216   ⇒   P = 1,041
 */
import { DeviceOpKind } from '../trace/tables.ts'
import { derived } from './derived.ts'

/** Rows of a query block in FlashAttention-2's forward kernel for a head of 64: its second template argument, 128 in PyTorch. */
const BLOCK_ROWS = 128

export interface AttentionGrids {
  frames: number
  heads: number
  /** Tokens a frame; the range they lie in where the grids do not pin down one number. */
  tokens: readonly [number, number]
  dtype: string | undefined
  /** Attention over all frames stands beside that over each one: VGGT's alternation. */
  isAlternating: boolean
}

/** From the grids of flash-attention kernels; undefined where there are none, or they are not alternating like VGGT's. */
export const attentionGrids = derived((trace): AttentionGrids | undefined => {
  const grids = new Map<string, { x: number; y: number; z: number; count: number; name: string }>()
  const { kind, name: names, gridX, gridY, gridZ } = trace.device_op
  if (gridX === undefined || gridY === undefined || gridZ === undefined) return undefined
  // Names are few: each is judged once. 1: a flash-attention kernel's, 2: another.
  const judged = new Uint8Array(trace.strings.length)
  for (let op = 0; op < kind.length; op++) {
    if (kind[op] !== DeviceOpKind.kernel) continue
    const name = trace.strings[names[op]!]!
    const judgement = (judged[names[op]!] ||= isFlashForward(name) ? 1 : 2)
    if (judgement === 2) continue
    const [x, y, z] = [gridX[op]!, gridY[op]!, gridZ[op]!]
    const key = `${x} ${y} ${z}`
    const known = grids.get(key)
    if (known === undefined) grids.set(key, { x, y, z, count: 1, name })
    else known.count++
  }
  const all = [...grids.values()].sort((a, b) => b.count - a.count)
  const frame = all.find((grid) => grid.y > 1)
  if (frame === undefined) return undefined
  const global = all.find((grid) => grid.y === 1 && grid.z === frame.z && grid.x > frame.x)
  let low = (frame.x - 1) * BLOCK_ROWS + 1
  let high = frame.x * BLOCK_ROWS
  if (global !== undefined) {
    low = Math.max(low, Math.ceil(((global.x - 1) * BLOCK_ROWS + 1) / frame.y))
    high = Math.min(high, Math.floor((global.x * BLOCK_ROWS) / frame.y))
  }
  if (low > high) return undefined
  return {
    frames: frame.y,
    heads: frame.z,
    tokens: [low, high],
    dtype: dtypeIn(frame.name),
    isAlternating: global !== undefined,
  }
})

export const isFlashForward = (name: string): boolean => /flash_fwd_kernel|flash_fwd_splitkv/.test(name)

/** The element type that a kernel's name states. */
export const dtypeIn = (name: string): string | undefined =>
  /bfloat16|bf16/i.test(name)
    ? 'bf16'
    : /half_t|__half|fp16|f16/i.test(name)
      ? 'fp16'
      : /f32|float/i.test(name)
        ? 'fp32'
        : undefined
