/**
 * The results that have a view of their own, as far as the page reads them. What an analysis says beyond this passes through.
 * All times are integer nanoseconds.
 */
import { z } from 'zod'

export const OwnerTime = z.object({
  /** "busy/gemm", "idle/host-work". */
  owner: z.string(),
  ns: z.number(),
  /** Time of this class that ran beneath another owner; no part of the sum. */
  hiddenNs: z.number().optional(),
  /** Why an idle time is unknown. */
  reason: z.string().nullish(),
})
export type OwnerTime = z.infer<typeof OwnerTime>

export const DeviceLedger = z.object({
  device: z.number(),
  name: z.string(),
  windowsNs: z.array(z.tuple([z.number(), z.number()])),
  wallNs: z.number(),
  owners: z.array(OwnerTime),
})
export type DeviceLedger = z.infer<typeof DeviceLedger>
export const Ledger = z.object({ devices: z.array(DeviceLedger) })

export const Phase = z.looseObject({
  /** Names from the outside in, joined by "/". */
  path: z.string(),
  count: z.number(),
  cpuRangeNs: z.number(),
  gpuBusyNs: z.number(),
  gpuSpanNs: z.number(),
  gpuSumNs: z.number(),
  kernels: z.number(),
})
export type Phase = z.infer<typeof Phase>
export const Phases = z.object({ phases: z.array(Phase) })
