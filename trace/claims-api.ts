/** Claims on the page: `POST /api/claims` takes a file's text and two sides, and answers what `claims --json` prints. */
import { z } from 'zod'

/** Longer texts are no list of claims. */
const MOST = 100_000

export const ClaimsQuestion = z.strictObject({
  /** The file, as YAML. */
  text: z.string().min(1, 'there are no claims in it').max(MOST, 'it is too long for a file of claims'),
  /** Run ids; several captures of a side. */
  base: z.array(z.int().positive()).min(1).max(64),
  candidate: z.array(z.int().positive()).min(1).max(64),
})
export type ClaimsQuestion = z.infer<typeof ClaimsQuestion>

const range = z.tuple([z.number(), z.number()]).nullable()

export const ClaimsAnswer = z.object({
  title: z.string().nullable(),
  claims: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      /** As it was written. */
      claimed: z.string(),
      metric: z.string().nullable(),
      unit: z.enum(['ns', 'bytes', 'percent', 'count', 'ratio']).nullable(),
      measured: z.number().nullable(),
      range,
      verdict: z.enum(['supported', 'contradicted', 'not-answerable']),
      definition: z.string().nullable(),
      missing: z.string().nullable(),
      workload: z.array(z.object({ what: z.string(), claimed: z.string(), measured: z.string() })),
      plausibility: z
        .object({
          flops: z.number(),
          leastNs: z.number(),
          /** Share of the device's peak that the claimed time would need. */
          ofPeak: z.number(),
          impossible: z.boolean(),
          text: z.string(),
        })
        .nullable(),
      evidence: z.object({ base: z.array(z.number()), candidate: z.array(z.number()) }).nullable(),
    }),
  ),
})
export type ClaimsAnswer = z.infer<typeof ClaimsAnswer>
