/**
 * What the server and its clients say to each other: one schema for routes, CLI JSON and the page's types.
 *
 *   GET    /api/formats                                   Format[]
 *   GET    /api/analyses                                  AnalysisInfo[]
 *   GET    /api/runs                                      { runs: RunInfo[] }
 *   GET    /api/runs/:run                                 RunInfo
 *   PATCH  /api/runs/:run          RunEdit                RunInfo
 *   DELETE /api/runs/:run                                 204
 *   GET    /api/runs/:run/analyses/:analysis?minGapNs=…   AnalysisAnswer
 *   GET    /api/runs/:run/lacking                         Lacking
 *   GET    /api/runs/:run/tracks                          { tracks: Track[] }           (trace/timeline.ts)
 *   GET    /api/runs/:run/tiles/:track/:level/:index      binary, immutable             (trace/timeline.ts)
 *   GET    /api/runs/:run/spans/:table/:row               SpanDetail
 *   GET    /api/runs/:run/search?q=…&limit=…              { hits: SearchHit[], total }
 *   GET    /api/runs/:run/nearest/:table?name=…&fromNs=…&toNs=…   SpanPlace
 *   GET    /api/runs/:run/nsys                            { reports: NsysReportInfo[] }  (trace/nsys-api.ts)
 *   GET    /api/runs/:run/nsys/:report                    NsysReportAnswer
 *   GET    /api/runs/:run/sql                              SqlOffer                     (trace/sql-api.ts)
 *   POST   /api/runs/:run/sql      SqlQuery               SqlAnswer
 *   GET    /api/diff?base=3&candidate=4,5                 DiffAnswer                    (trace/diff-api.ts)
 *   POST…  /api/uploads                                   tus 1.0 (resumable); metadata: filename
 *   GET    /api/jobs · GET /api/jobs/:job · DELETE /api/jobs/:job      ImportJob
 *   any error                                             { error: { kind, message } } with 400, 404, 422, 500 or 503
 */
import { z } from 'zod'

export const Skipped = z.object({ what: z.string(), count: z.number(), why: z.string() })

export const FormatInfo = z.object({
  id: z.string(),
  title: z.string(),
  /** The command that makes such a file. */
  capture: z.string(),
})
export type FormatInfo = z.infer<typeof FormatInfo>

export const RunDevice = z.object({
  device: z.number(),
  name: z.string(),
  ops: z.number(),
  busyNs: z.number(),
})

export const RunInfo = z.object({
  id: z.number(),
  label: z.string(),
  tags: z.array(z.string()),
  notes: z.string(),
  format: z.string(),
  /** Of the first source; identical content is imported once. */
  sourceSha256: z.string(),
  sources: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number(), format: z.string() })),
  importedAt: z.string(),
  /** Rows by table. */
  counts: z.record(z.string(), z.number()),
  skipped: z.array(Skipped),
  warnings: z.array(z.string()),
  facts: z.record(z.string(), z.unknown()),
  recorded: z.array(z.string()),
  /** First to last event of any kind, run-relative; null for a capture without events. */
  captureNs: z.tuple([z.number(), z.number()]).nullable(),
  devices: z.array(RunDevice),
})
export type RunInfo = z.infer<typeof RunInfo>

export const RunEdit = z.object({
  label: z.string().min(1).max(200).optional(),
  tags: z.array(z.string().max(60)).max(50).optional(),
  notes: z.string().max(100_000).optional(),
})
export type RunEdit = z.infer<typeof RunEdit>

export const AnalysisInfo = z.object({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  needs: z.array(z.string()),
  /** Tables it needs unless other tables tell the same of the run: then /api/runs/:run/lacking says. */
  derivable: z.array(z.string()),
  parameters: z.array(z.object({ name: z.string(), type: z.string(), about: z.string() })),
})
export type AnalysisInfo = z.infer<typeof AnalysisInfo>

/** By analysis: the tables that a run lacks for an answer; none where it has one. */
export const Lacking = z.record(z.string(), z.array(z.string()))
export type Lacking = z.infer<typeof Lacking>

export const ResultTable = z.object({
  title: z.string(),
  columns: z.array(z.object({ key: z.string(), title: z.string(), unit: z.string().optional() })),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
})
export const AnalysisAnswer = z.object({
  analysis: z.string(),
  run: z.number(),
  result: z.unknown(),
  tables: z.array(ResultTable),
})
export type AnalysisAnswer = z.infer<typeof AnalysisAnswer>

export const ImportJob = z.object({
  id: z.number(),
  name: z.string(),
  /** summarising: the run is stored and can be opened; what its pages show first is being computed. */
  state: z.enum(['uploading', 'waiting', 'importing', 'summarising', 'done', 'failed', 'cancelled']),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  rows: z.number(),
  /** Set once stored: the run, and whether it had been there before. */
  run: z.number().nullable(),
  already: z.boolean(),
  /** Set when failed: what, where, what to do. */
  message: z.string().nullable(),
})
export type ImportJob = z.infer<typeof ImportJob>

export const SpanDetail = z.object({
  table: z.string(),
  row: z.number(),
  title: z.string(),
  /** Every column that has a value, links shown by name. */
  fields: z.array(
    z.object({
      name: z.string(),
      unit: z.string().optional(),
      value: z.union([z.string(), z.number(), z.null()]),
      /** Where a link points. */
      link: z.object({ table: z.string(), row: z.number() }).optional(),
    }),
  ),
})
export type SpanDetail = z.infer<typeof SpanDetail>

export const SearchHit = z.object({
  table: z.string(),
  name: z.string(),
  count: z.number(),
  totalNs: z.number(),
  /** The first few rows of that name, with their starts. */
  rows: z.array(z.object({ row: z.number(), startNs: z.number(), durNs: z.number() })),
})
export type SearchHit = z.infer<typeof SearchHit>

export const ApiError = z.object({ error: z.object({ kind: z.string(), message: z.string() }) })
