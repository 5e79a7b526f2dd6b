/** What one file of a capture adds to the joined Trace. */
import type { Skipped, Trace, TraceMeta } from '../../trace/trace.ts'

export interface Part {
  /** Absent where nothing of the file could be used; its rows are counted all the same. */
  trace?: Trace
  sourceRows: Record<string, number>
  skipped: Skipped[]
  warnings: string[]
  /** How far its times may be off the other parts'. */
  errorNs?: number
}

/** A part that is taken in as it is. */
export const partOf = (trace: Trace): Part => ({
  trace,
  sourceRows: trace.meta.sourceRows,
  skipped: trace.meta.skipped,
  warnings: trace.meta.warnings,
})

/** A part of which nothing is used: all its rows are skipped, for one reason. */
export const unusedPart = (sourceRows: Record<string, number>, why: string): Part => ({
  sourceRows,
  skipped: Object.entries(sourceRows).map(([what, count]) => ({ what, count, why })),
  warnings: [],
})

/** Rows, skips and warnings of all parts. Skips of the same thing for the same reason add up. */
export function countsOf(parts: readonly Part[]): Pick<TraceMeta, 'sourceRows' | 'skipped' | 'warnings'> {
  const sourceRows: Record<string, number> = {}
  const skipped = new Map<string, Skipped>()
  for (const part of parts) {
    for (const [what, count] of Object.entries(part.sourceRows))
      sourceRows[what] = (sourceRows[what] ?? 0) + count
    for (const { what, count, why } of part.skipped) {
      const key = `${what}\n${why}`
      const known = skipped.get(key)
      if (known !== undefined) known.count += count
      else if (count > 0) skipped.set(key, { what, count, why })
    }
  }
  return {
    sourceRows,
    skipped: [...skipped.values()],
    warnings: [...new Set(parts.flatMap(({ warnings }) => warnings))],
  }
}
