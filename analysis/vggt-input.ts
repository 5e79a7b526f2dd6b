/**
 * Which VGGT ran on which images: from what a harness of ours wrote about its run, else from the grids of attention kernels.
 *
 * Grids pin down the tokens of a frame to a few dozen at worst; VGGT's own preprocessing makes every image 518 pixels (37
 * patches) wide, and of those tokens mostly one number fits: 897 to 938 tokens are 25 · 37 + 5 = 930, so 350×518 pixels.
 */
import type { Trace } from '../trace/trace.ts'
import { attentionGrids } from './attention-grids.ts'
import { derived } from './derived.ts'
import { EXTRA_TOKENS, PATCH, VGGT_SHAPES } from './vggt-work.ts'
import type { VggtImages, VggtShape } from './vggt-work.ts'

export interface VggtInput {
  shape: VggtShape
  images: VggtImages
  /** What was changed about the model, as the harness names it; "" where nothing says. */
  variant: string
  /** Where this is known from. */
  source: 'run' | 'grids'
}

/** Patches across an image of 518 pixels, and the size of a head in all of VGGT's aggregators of that width. */
const ACROSS = 37
const HEAD_SIZE = 64

/** The model and its images; or why they are not known. */
export const vggtInput = derived((trace): VggtInput | { why: string } => fromRun(trace) ?? fromGrids(trace))

function fromRun(trace: Trace): VggtInput | undefined {
  const { model, frames, height, width, variant } = trace.meta.facts.run ?? {}
  const shape = Object.hasOwn(VGGT_SHAPES, String(model)) ? VGGT_SHAPES[String(model)] : undefined
  if (shape === undefined || !(Number(frames) > 0 && Number(height) > 0 && Number(width) > 0))
    return undefined
  return {
    shape,
    images: { frames: Number(frames), rows: Number(height) / PATCH, columns: Number(width) / PATCH },
    variant: String(variant ?? ''),
    source: 'run',
  }
}

function fromGrids(trace: Trace): VggtInput | { why: string } {
  const grids = attentionGrids(trace)
  if (grids === undefined || !grids.isAlternating)
    return { why: 'no attention grids tell frames and resolution, and no harness wrote them down' }
  const shape = Object.values(VGGT_SHAPES).find(({ width }) => width === grids.heads * HEAD_SIZE)
  if (shape === undefined) return { why: `attention with ${grids.heads} heads is of no known VGGT` }
  const [low, high] = grids.tokens
  const rows = Array.from({ length: ACROSS }, (_, i) => i + 1).filter((count) => {
    const tokens = count * ACROSS + EXTRA_TOKENS
    return low <= tokens && tokens <= high
  })
  if (rows.length !== 1)
    return {
      why: `the attention grids leave ${low === high ? low : `${low} to ${high}`} tokens a frame, and ${rows.length === 0 ? 'no image' : `${rows.length} images`} 518 pixels wide ${rows.length === 0 ? 'has' : 'have'} that many`,
    }
  return {
    shape,
    images: { frames: grids.frames, rows: rows[0]!, columns: ACROSS },
    variant: '',
    source: 'grids',
  }
}
