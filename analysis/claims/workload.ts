/** The workload that a claim names, against the one that was measured. */
import type { ClaimedWorkload } from '../../trace/claims.ts'
import { attentionGrids } from '../attention-grids.ts'
import type { Side } from '../diff/side.ts'
import { deviceName } from '../ledger.ts'

export interface WorkloadDifference {
  what: string
  claimed: string
  /** "not told" where the capture does not say. */
  measured: string
}

/** Patch size of DINOv2's ViT-L/14, and the five tokens beside the patches: one camera, four registers. */
const PATCH = 14
const EXTRA_TOKENS = 5

/** Height and width in pixels of "518x518". */
export function pixelsOf(resolution: string): [number, number] {
  const [height, width] = resolution.split(/\s*[x×]\s*/).map(Number)
  return [height!, width!]
}

/** Tokens of a frame in VGGT: 518×518 makes 37 · 37 + 5 = 1,374. */
export function tokensOf(resolution: string): number {
  const [height, width] = pixelsOf(resolution)
  return Math.floor(height / PATCH) * Math.floor(width / PATCH) + EXTRA_TOKENS
}

export function workloadDifferences(claimed: ClaimedWorkload, side: Side): WorkloadDifference[] {
  const { trace } = side
  const grids = attentionGrids(trace)
  const run = trace.meta.facts.run ?? {}
  const device = trace.device.length === 0 ? undefined : deviceName(trace, side.device)
  const differences: WorkloadDifference[] = []
  const add = (what: string, said: string | undefined, found: string | undefined, same: boolean): void => {
    if (said === undefined || (found !== undefined && same)) return
    differences.push({ what, claimed: said, measured: found ?? 'not told' })
  }
  add('GPU', claimed.gpu, device, device?.toLowerCase().includes(claimed.gpu?.toLowerCase() ?? '') === true)
  const frames = run.frames ?? grids?.frames
  add('frames', claimed.frames?.toString(), frames?.toString(), Number(frames) === claimed.frames)
  const dtype = run.dtype ?? grids?.dtype
  add('dtype', claimed.dtype, dtype?.toString(), dtype === claimed.dtype)
  if (claimed.resolution !== undefined) {
    if (run.height !== undefined && run.width !== undefined) {
      const [height, width] = pixelsOf(claimed.resolution)
      add(
        'resolution',
        claimed.resolution,
        `${run.height}x${run.width}`,
        run.height === height && run.width === width,
      )
    } else {
      const wanted = tokensOf(claimed.resolution)
      const [low, high] = grids?.tokens ?? []
      const found =
        low === undefined
          ? undefined
          : `${low === high ? low : `${low} to ${high}`} tokens a frame (by attention grids)`
      const same = low !== undefined && high !== undefined && low <= wanted && wanted <= high
      add('resolution', `${claimed.resolution} (${wanted} tokens a frame)`, found, same)
    }
  }
  return differences
}
