/**
 * What an nsys report is here: one of the tables that `nsys stats` and `nsys analyze` (2023.4.4) print, recomputed from a
 * Trace with the same rows, columns and digits. docs/nsys-parity.md has each one's definition and quirks.
 */
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ParametersOf, ParameterSpecs } from '../analysis.ts'
import { whyMissing } from './needs.ts'
import type { Need } from './needs.ts'

/** null is SQL's NULL: an empty cell. Times are bigint where they exceed 2^53 (epoch-sized exports). */
export type Cell = string | number | bigint | null

/** How a cell is written: whole numbers, one decimal, three decimals, or as it is. */
export type CellType = 'integer' | 'tenths' | 'thousandths' | 'text'

export interface ReportColumn {
  /** The header, letter by letter as nsys prints it. */
  readonly title: string
  readonly type: CellType
}

/** A report's rows, made when asked for: a trace report of a million rows holds two index arrays and no cell. */
export interface ReportRows {
  readonly length: number
  row(index: number): readonly Cell[]
}

export interface Report<P extends ParameterSpecs = ParameterSpecs> {
  /** nsys' own name of it: "cuda_gpu_kern_sum". */
  readonly id: string
  readonly title: string
  /** `report`: printed by `nsys stats`. `rule`: printed by `nsys analyze`. */
  readonly kind: 'report' | 'rule'
  /** What the file must hold, or nsys skips the report. */
  readonly needs: readonly Need[]
  readonly parameters: P
  readonly columns: readonly ReportColumn[]
  /** In nsys' order where nsys orders; rows that nsys leaves unordered come in the order of their first source row. */
  rows(trace: Trace, parameters: ParametersOf<P>): ReportRows
}

/** Declares a report. */
export const report = <const P extends ParameterSpecs>(spec: Report<P>): Report<P> => spec

/** Why nsys would skip this report for this trace, as one sentence; undefined where it has an answer. */
export function whySkipped(spec: Report, trace: Trace): string | undefined {
  const tables = trace.meta.sourceTables
  if (tables === undefined)
    return `the run was not read from an nsys export (it is ${trace.meta.format}); ask for the analysis "kernels" or "summary" instead`
  return whyMissing(spec.needs, tables)
}

/** The rows of a report. Throws UserError('bad-request') where nsys would skip it, saying why. */
export function runReport<P extends ParameterSpecs>(
  spec: Report<P>,
  trace: Trace,
  parameters: ParametersOf<P> = {} as ParametersOf<P>,
): ReportRows {
  const why = whySkipped(spec as unknown as Report, trace)
  if (why !== undefined) throw new UserError('bad-request', `${spec.id} skipped: ${why}`)
  return spec.rows(trace, parameters)
}

/** Rows over a finished list. */
export const listed = (rows: readonly (readonly Cell[])[]): ReportRows => ({
  length: rows.length,
  row: (index) => rows[index]!,
})

/** Rows with their number in front, at most `limit` of them; −1: all. */
export function numbered(rows: readonly (readonly Cell[])[], limit: number): ReportRows {
  const kept = limit < 0 ? rows : rows.slice(0, limit)
  return listed(kept.map((row, i) => [i + 1, ...row]))
}

const columnsOfType =
  (type: CellType) =>
  (...titles: string[]): ReportColumn[] =>
    titles.map((title) => ({ title, type }))
export const integers = columnsOfType('integer')
export const tenths = columnsOfType('tenths')
export const thousandths = columnsOfType('thousandths')
export const texts = columnsOfType('text')
