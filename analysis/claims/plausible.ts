/**
 * Could the hardware do it? The arithmetic of the claimed work over the device's public peak is the least time it can take.
 *
 *   100 frames of 518×518: 24 · (2 frame blocks + 1 global block) = 2,142 TFLOP; an A40 does 149.7 a second at best,
 *   so 14.3 s at least, and a claim of 420 ms is 3,407 % of the peak
 */
import type { ClaimedWorkload } from '../../trace/claims.ts'
import { aggregatorFlops } from '../attention-work.ts'
import { peakOf, rateOf } from '../peaks.ts'
import type { Expression } from './expression.ts'
import { PATCH, VGGT_SHAPES, vggtWork } from '../vggt-work.ts'
import { partNamed } from '../vggt-parts.ts'
import { pixelsOf, tokensOf } from './workload.ts'

export interface Plausibility {
  flops: number
  /** Shortest possible time. */
  leastNs: number
  /** Share of the device's peak that the time would need; over 1 is impossible. */
  ofPeak: number
  impossible: boolean
  text: string
}

const WIDTH = 1024
const DEPTH = 24

/** Undefined where the workload or the device's peak is not known, or the claim is not about the time of such work. */
export function plausibility(
  { quantity, form, unit }: Expression,
  ns: number,
  workload: ClaimedWorkload,
): Plausibility | undefined {
  if (unit !== 'ns' || (form !== 'candidate' && form !== 'base') || ns <= 0) return undefined
  const { model, gpu, frames, resolution, dtype = 'bf16' } = workload
  if (
    model?.toLowerCase() !== 'vggt' ||
    gpu === undefined ||
    frames === undefined ||
    resolution === undefined
  )
    return undefined
  const work = flopsOf(quantity, frames, resolution)
  const peak = peakOf(gpu)
  const rate = peak === undefined ? undefined : rateOf(peak, dtype)
  if (work === undefined || peak === undefined || rate === undefined) return undefined
  const leastNs = (work.flops / rate) * 1e9
  const ofPeak = leastNs / ns
  const tera = (value: number): string => (value / 1e12).toLocaleString('en-US', { maximumFractionDigits: 1 })
  return {
    flops: work.flops,
    leastNs: Math.ceil(leastNs),
    ofPeak,
    impossible: ofPeak > 1,
    text: `${work.name} of ${frames} frames of ${resolution}: ${tera(work.flops)} TFLOP; ${peak.name} ${dtype} peak ${tera(rate)} TFLOP/s (${peak.source}); at least ${(leastNs / 1e9).toPrecision(3)} s, so the claim is ${Math.round(100 * ofPeak).toLocaleString('en-US')} % of peak${ofPeak > 1 ? ': impossible' : ''}`,
  }
}

/** Of a whole forward the heads are left out: what is counted is the least that must be done. */
function flopsOf(
  quantity: Expression['quantity'],
  frames: number,
  resolution: string,
): { name: string; flops: number } | undefined {
  if (quantity.name === 'latency')
    return { name: 'the aggregator', flops: aggregatorFlops(frames, tokensOf(resolution), WIDTH, DEPTH) }
  if (quantity.name !== 'phase' || quantity.time === 'cpu') return undefined
  const part = partNamed(quantity.phase)
  if (part === undefined) return undefined
  const [rows, columns] = pixelsOf(resolution).map((pixels) => Math.floor(pixels / PATCH))
  const images = { frames, rows: rows!, columns: columns! }
  return { name: part.toLowerCase(), flops: vggtWork(part, VGGT_SHAPES['1b']!, images).flops }
}
