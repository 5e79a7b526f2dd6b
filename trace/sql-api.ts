/**
 * Ad-hoc SQL over a run, as server and clients say it to each other:
 *
 *   GET  /api/runs/:run/sql               SqlOffer: what can be asked, and within which limits
 *   POST /api/runs/:run/sql   SqlQuery    SqlAnswer
 */
import { z } from 'zod'

/** `trace`: the normal form. `original`: the nsys export the run was read from, less what may be private. */
export const SqlOver = z.enum(['trace', 'original'])
export type SqlOver = z.infer<typeof SqlOver>

export const SqlQuery = z.object({ sql: z.string().min(1).max(100_000), over: SqlOver.default('trace') })
export type SqlQuery = z.infer<typeof SqlQuery>

/** Integers beyond 2^53 are text, digit for digit; a blob is text as SQLite writes one, cut short. */
export const SqlCell = z.union([z.string(), z.number(), z.null()])
export type SqlCell = z.infer<typeof SqlCell>

export const SqlAnswer = z.object({
  columns: z.array(z.object({ name: z.string() })),
  rows: z.array(z.array(SqlCell)),
  /** Why there are more rows than these: the row limit, or the answer's size; null when these are all. */
  truncated: z.enum(['rows', 'size']).nullable(),
  /** From handing the statement to SQLite to the last row. */
  elapsedMs: z.number(),
})
export type SqlAnswer = z.infer<typeof SqlAnswer>

export const SqlTableInfo = z.object({
  name: z.string(),
  rows: z.number(),
  /** False where the capture did not record it: no rows then means unknown, not none. */
  recorded: z.boolean(),
  columns: z.array(
    z.object({
      name: z.string(),
      /** "integer", "real", "text", with a "?" where it may be NULL; empty where it is not declared. */
      type: z.string(),
      /** What the value is: a link's target, the words it takes. */
      about: z.string().optional(),
    }),
  ),
})
export type SqlTableInfo = z.infer<typeof SqlTableInfo>

export const SqlOffer = z.object({
  limits: z.object({ rows: z.number(), timeMs: z.number(), bytes: z.number() }),
  trace: z.array(SqlTableInfo),
  original: z.union([
    z.object({ tables: z.array(SqlTableInfo) }),
    /** Why the original cannot be asked. */
    z.object({ missing: z.string() }),
  ]),
})
export type SqlOffer = z.infer<typeof SqlOffer>
