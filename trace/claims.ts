/**
 * A claims file: what somebody says a change does, in numbers that a capture can confirm or contradict (docs/claims.md).
 *
 *   title: A faster forward pass
 *   workload: { model: vggt, gpu: A40, frames: 100, resolution: 518x518, dtype: bf16 }
 *   claims:
 *     - { id: latency, text: The forward pass is 2.8 times as fast, metric: latency.speedup, claimed: 2.8 }
 *     - latency.candidate: 420ms        # the short form
 */
import { z } from 'zod'

const value = z.union([z.string(), z.number()])

const workload = z.strictObject({
  /** "vggt": its arithmetic is known, so a claimed time can be held against the device's peak. */
  model: z.string().optional(),
  gpu: z.string().optional(),
  frames: z.int().positive().optional(),
  /** Height x width in pixels. */
  resolution: z
    .string()
    .regex(/^\d+\s*[x×]\s*\d+$/)
    .optional(),
  dtype: z.string().optional(),
})
export type ClaimedWorkload = z.infer<typeof workload>

const claim = z.strictObject({
  id: z.string().min(1),
  text: z.string().min(1),
  /** Absent: no capture can answer it; `needs` says what could. */
  metric: z.string().optional(),
  claimed: value,
  needs: z.string().optional(),
  /** Where it is about another workload than the file. */
  workload: workload.optional(),
})
export type Claim = z.infer<typeof claim>

/** One metric and its value. */
const short = z.record(z.string(), value).refine((one) => Object.keys(one).length === 1, {
  error: 'a claim has id, text, metric and claimed, or is one METRIC: VALUE',
})

const expand = (one: Record<string, string | number>): Claim => {
  const [metric, claimed] = Object.entries(one)[0]!
  return { id: metric, text: `${metric}: ${claimed}`, metric, claimed }
}

export const claimsFile = z.strictObject({
  title: z.string().optional(),
  /** What the claims can be checked against, in words. */
  check: z.string().optional(),
  workload: workload.optional(),
  claims: z.union([
    z.array(z.union([claim, short.transform(expand)])).min(1),
    z
      .record(z.string(), value)
      .transform((all) => Object.entries(all).map(([metric, claimed]) => expand({ [metric]: claimed }))),
  ]),
})
export type ClaimsFile = z.infer<typeof claimsFile>
