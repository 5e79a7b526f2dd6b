/**
 * Spans as a timeline reads them: columns borrowed from a table, and lanes that pick and order rows of it.
 *
 * A lane's spans are disjoint and sorted by start, so a lane is one line of boxes that never overlap:
 *
 *   lane 0   [forward                        ]
 *   lane 1     [aggregator      ] [heads   ]
 *   lane 2      [frame ][global ]  [depth]
 */
import type { TableName } from '../../trace/tables.ts'

/** Columns of possible spans; lanes pick from them. Lengths are equal. */
export interface SpanColumns {
  /** The table that `row` points into. */
  readonly table: TableName
  /** ns, on the run's axis. */
  readonly start: Float64Array
  readonly duration: Float64Array
  /** String index of what is written on the span; NONE where it has no name. */
  readonly label: Uint32Array
  /** Index into the track's classes. */
  readonly cls: Uint8Array
  /** Row of each entry in `table`; absent where entry i is row i. */
  readonly row?: Uint32Array
}

/** Entries of `columns`, disjoint and ascending in time. */
export interface Lane {
  readonly columns: SpanColumns
  readonly at: Uint32Array
  /** The entries are what was left of overlapping spans after earlier ones took their part. */
  readonly pieces: boolean
}

export const rowAt = (columns: SpanColumns, entry: number): number =>
  columns.row === undefined ? entry : columns.row[entry]!

/**
 * Cuts spans (sorted by start, overlapping as they may) into disjoint pieces whose union is theirs. A span keeps what no
 * earlier one covers; one that is wholly covered keeps a piece of length 0, so that it is still counted.
 *
 *   [a      ]              [a      ]
 *      [b       ]     →             [b  ]
 */
export function piecesOf(columns: SpanColumns, at: Uint32Array): Lane {
  const n = at.length
  const start = new Float64Array(n)
  const duration = new Float64Array(n)
  const label = new Uint32Array(n)
  const cls = new Uint8Array(n)
  const row = new Uint32Array(n)
  const identity = new Uint32Array(n)
  let reach = -Infinity
  for (let i = 0; i < n; i++) {
    const entry = at[i]!
    const from = Math.max(columns.start[entry]!, reach)
    const end = columns.start[entry]! + columns.duration[entry]!
    start[i] = from
    duration[i] = Math.max(0, end - from)
    reach = Math.max(reach, end)
    label[i] = columns.label[entry]!
    cls[i] = columns.cls[entry]!
    row[i] = rowAt(columns, entry)
    identity[i] = i
  }
  return { columns: { table: columns.table, start, duration, label, cls, row }, at: identity, pieces: true }
}
