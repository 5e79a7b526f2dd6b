/** /api/runs/:run/nsys: the reports and rules of nsys, recomputed, as plain data. */
import { z } from 'zod'

export const NsysReportInfo = z.object({
  /** nsys' own name of it. */
  id: z.string(),
  title: z.string(),
  kind: z.enum(['report', 'rule']),
  /** Why it has no answer for this run; null where it has one. */
  skipped: z.string().nullable(),
})
export type NsysReportInfo = z.infer<typeof NsysReportInfo>

export const NsysReportAnswer = z.object({
  report: z.string(),
  columns: z.array(
    z.object({ title: z.string(), type: z.enum(['integer', 'tenths', 'thousandths', 'text']) }),
  ),
  /** The first rows, in nsys' order; a whole number beyond 2^53 is text. */
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  /** How many there are. */
  total: z.number(),
})
export type NsysReportAnswer = z.infer<typeof NsysReportAnswer>
