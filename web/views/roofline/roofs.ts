/** The peaks of the device that phases are held against. */
import type { Answer } from '../../lib/answers.ts'

export type Phase = Answer<'roofline'>['phases'][number]
export interface Roof {
  dtype: string
  /** FLOP/s. */
  rate: number
}

/** One a precision that a phase has alone, highest first; the device's own where there is none such. */
export function roofsOf(phases: readonly Phase[], own: Roof): Roof[] {
  const rates = new Map<string, number>()
  for (const { dtype, peakFlopPerSecond: rate } of phases)
    if (dtype !== null && rate !== null && !dtype.includes(' ')) rates.set(dtype, rate)
  const roofs = Array.from(rates, ([dtype, rate]): Roof => ({ dtype, rate }))
  return roofs.length === 0 ? [own] : roofs.sort((a, b) => b.rate - a.rate)
}
