/**
 * The answer to "why is one run faster": what `diff --json` prints and `GET /api/diff?base=3&candidate=4` sends.
 * Several captures of a side are joined by commas: `base=3,5`.
 */
import { z } from 'zod'

const range = z.tuple([z.number(), z.number()]).nullable()

const judged = {
  /** 95 % interval; null where a side has fewer than five warm iterations. */
  ciNs: range,
  /** Smallest and largest difference over all pairings of warm iterations. */
  rangeNs: range,
  minimumDetectableNs: z.number().nullable(),
  verdict: z.enum(['regressed', 'improved', 'not-detectable', 'too-few-iterations']),
}

const place = z.object({ row: z.number(), startNs: z.number(), durNs: z.number() }).nullable()

const unmatched = z.object({
  ops: z.number(),
  ns: z.number(),
  kernels: z.array(
    z.object({ name: z.string(), phase: z.string(), class: z.string(), ops: z.number(), ns: z.number() }),
  ),
})

const side = z.object({
  /** The device that is explained; terms are of it alone. */
  device: z.string(),
  deviceId: z.number(),
  devices: z.array(
    z.object({ device: z.number(), id: z.number(), name: z.string(), ops: z.number(), sumNs: z.number() }),
  ),
  captures: z.number(),
  iterations: z.number(),
  warm: z.number(),
  warmUp: z.array(z.string()),
  representative: z.object({ capture: z.number(), iteration: z.number() }).nullable(),
  wallsNs: z.array(z.number()),
  kernels: z.number(),
  noiseFloor: z.object({ share: z.number(), captures: z.number() }).nullable(),
})

export const DiffAnswer = z.object({
  comparable: z.object({
    score: z.number(),
    comparable: z.boolean(),
    differences: z.array(
      z.object({ what: z.string(), base: z.string(), candidate: z.string(), weight: z.number() }),
    ),
    unknown: z.array(z.string()),
  }),
  baseNs: z.number(),
  candidateNs: z.number(),
  deltaNs: z.number(),
  speedup: z.number().nullable(),
  ...judged,
  terms: z.array(
    z.object({
      phase: z.string(),
      owner: z.string(),
      kind: z.enum(['faster-slower', 'added', 'removed', 'idle']),
      ns: z.number(),
      baseOps: z.number(),
      candidateOps: z.number(),
      ...judged,
    }),
  ),
  /** The busy terms once more, by kernel. */
  kernels: z.object({
    listed: z.array(
      z.object({
        phase: z.string(),
        owner: z.string(),
        kind: z.enum(['faster-slower', 'added', 'removed', 'idle']),
        name: z.string(),
        ns: z.number(),
        baseNs: z.number(),
        candidateNs: z.number(),
        baseOps: z.number(),
        candidateOps: z.number(),
        /** The longest one: where to look. */
        baseOp: place,
        candidateOp: place,
        ...judged,
      }),
    ),
    leftOut: z.object({ kernels: z.number(), ns: z.number() }),
  }),
  /** What was matched with what, and how sure that is. */
  alignment: z.object({
    byHand: z.array(z.object({ base: z.string().nullable(), candidate: z.string().nullable() })),
    phases: z.array(
      z.object({
        phase: z.string(),
        /** The candidate's own name of it, where it was paired by hand. */
        candidatePhase: z.string().nullable(),
        baseInstances: z.number(),
        candidateInstances: z.number(),
        baseOps: z.number(),
        candidateOps: z.number(),
        matchedBaseOps: z.number(),
        matchedCandidateOps: z.number(),
        /** Time of both sides by evidence. */
        ns: z.object({
          'same-name': z.number(),
          'similar-name': z.number(),
          renamed: z.number(),
          replaced: z.number(),
          unmatched: z.number(),
        }),
        /** Share of the time that is matched by equal or similar names. */
        sure: z.number().nullable(),
      }),
    ),
    kernels: z.array(
      z.object({
        phase: z.string(),
        base: z.string(),
        candidate: z.string(),
        evidence: z.enum(['same-name', 'similar-name', 'renamed', 'replaced']),
        groups: z.number(),
        baseOps: z.number(),
        candidateOps: z.number(),
        baseNs: z.number(),
        candidateNs: z.number(),
      }),
    ),
    leftOut: z.number(),
  }),
  unmatched: z.object({ base: unmatched, candidate: unmatched }),
  renamed: z.array(z.object({ base: z.string(), candidate: z.string(), ops: z.number() })),
  hiddenDeltaNs: z.number(),
  base: side,
  candidate: side,
  components: z.array(
    z.object({
      component: z.string(),
      baseNs: z.number().nullable(),
      candidateNs: z.number().nullable(),
      baseCalls: z.number(),
      candidateCalls: z.number(),
      baseOps: z.number(),
      candidateOps: z.number(),
      /** base / candidate, of one call where `isPerCall`; null where withheld. */
      speedup: z.number().nullable(),
      isPerCall: z.boolean(),
      ...judged,
    }),
  ),
})
export type DiffAnswer = z.infer<typeof DiffAnswer>
