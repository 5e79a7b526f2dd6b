/**
 * A Trace: one captured execution in the normal form. Parsers make it, the store keeps it, analyses read it.
 */
import type { TableOf } from './table.ts'
import type { tables, TableName } from './tables.ts'

export type TraceTables = { readonly [N in TableName]: TableOf<(typeof tables)[N]> }

/** Records that a parser did not take in, and why. Nothing is lost without standing here. */
export interface Skipped {
  /** What it was, in the source's words: a table, an event category. */
  what: string
  count: number
  why: string
}

/** Facts about the capture. Only what is named here is ever read from a file: no environment, no output, no command line. */
export interface TraceFacts {
  /** "nsys", "kineto", "chrome", "onnxruntime". */
  tool: string
  /** Version of the tool that captured, where it is told. */
  toolVersion?: string
  /** Version of the tool that exported, where that is another step. */
  exportVersion?: string
  schemaVersion?: string
  /** Integer nanoseconds since 1970, as decimal digits, of the axis' zero. */
  utcEpochNs?: string
  driverVersion?: string
  cudaVersion?: string
  /** "node": kernels of CUDA graphs are recorded one by one; "graph": only whole launches are. */
  graphMode?: 'node' | 'graph' | 'both'
  /** Set when the export was cut (time range, chosen tables): what was asked for. */
  filtered?: string
  /** Rank in a job of several processes, and how many there are. */
  rank?: number
  worldSize?: number
  /** What a harness of ours wrote about its run: variant, model, frames, … (strings and numbers only). */
  run?: Record<string, string | number>
}

export interface TraceMeta {
  /** Format id: "nsys-sqlite", "kineto", "chrome", "onnxruntime". */
  format: string
  facts: TraceFacts
  /**
   * What was subtracted from the source's times, as decimal digits of an int64. "0" where the source's own axis is kept
   * (an nsys time then reads the same in both tools); the first event's time where the source's are epoch-sized.
   */
  originNs: string
  /** Tables the capture recorded, even if no row came of it. One that is missing here was not recorded: "unknown", not zero. */
  recorded: TableName[]
  /** Rows of each source table or event category as they stand in the file. */
  sourceRows: Record<string, number>
  /** The file's tables by name, where it has tables: their columns, and rows. The exact nsys reports ask what was there. */
  sourceTables?: Record<string, { columns: readonly string[]; rows: number }>
  skipped: Skipped[]
  warnings: string[]
}

export interface Trace extends TraceTables {
  readonly strings: readonly string[]
  readonly meta: TraceMeta
}

/** Whether the capture recorded this table (an empty one counts; a missing one means "unknown"). */
export const isRecorded = (trace: Trace, name: TableName): boolean => trace.meta.recorded.includes(name)
