/**
 * What a declared table looks like in SQL: names in snake_case with their unit, and what each value is.
 *
 *   start: 'ns'              start_ns    integer
 *   localPerThread: 'u32?'   local_per_thread_bytes
 *   name: 'string'           name        text, not the pool's index
 *   launch: 'row?'           launch      integer: the `row` of api_call
 *   kind: 'u8'               kind        text, where the project has words for the numbers
 *
 * Every table begins with `row`, its own index: what links point to.
 */
import { elementOf, isOptional } from '../trace/column.ts'
import type { TableSpec } from '../trace/table.ts'
import { deviceOpKinds, MarkKind, MemoryOperation, OverheadSource, rangeStyles } from '../trace/tables.ts'

export interface SqlColumn {
  /** The column's name in SQL. */
  readonly name: string
  /** The declared column; undefined for `row`. */
  readonly column: string | undefined
  readonly type: 'integer' | 'real' | 'text'
  /** May be NULL. */
  readonly optional: boolean
  /** The table whose `row` it holds. */
  readonly link?: string
  /** Words that stand for the stored numbers, by number. */
  readonly words?: readonly string[]
}

const wordsOf = (numbers: Readonly<Record<string, number>>): readonly string[] =>
  Object.keys(numbers).sort((a, b) => numbers[a]! - numbers[b]!)

const WORDS: Readonly<Record<string, readonly string[]>> = {
  'device_op.kind': deviceOpKinds,
  'range.style': rangeStyles,
  'overhead.source': wordsOf(OverheadSource),
  'memory_event.operation': wordsOf(MemoryOperation),
  'mark.kind': wordsOf(MarkKind),
}

/** Units that the declaration says in words only. */
const UNITS: Readonly<Record<string, string>> = {
  totalMemory: 'bytes',
  memoryBandwidth: 'bytes_per_s',
  clockRate: 'hz',
  staticShared: 'bytes',
  dynamicShared: 'bytes',
  localPerThread: 'bytes',
  sharedExecuted: 'bytes',
  sharedTotal: 'bytes',
  totalAllocated: 'bytes',
  totalReserved: 'bytes',
  poolSize: 'bytes',
  poolUsed: 'bytes',
}

/** The SQL columns of a declaration, `row` first. */
export function sqlColumns(spec: TableSpec): SqlColumn[] {
  const columns: SqlColumn[] = [{ name: 'row', column: undefined, type: 'integer', optional: false }]
  for (const [column, declared] of Object.entries(spec.columns)) {
    const element = elementOf(declared)
    const unit = element === 'ns' ? 'ns' : UNITS[column]
    const words = WORDS[`${spec.name}.${column}`]
    const link = spec.links[column]
    // Bytes are doubles in a trace because they may exceed 2^32, and whole all the same.
    const isReal = element === 'f64' && unit === undefined && column !== 'bytes'
    columns.push({
      name: snake(column) + (unit === undefined ? '' : `_${unit}`),
      column,
      type: element === 'string' || words !== undefined ? 'text' : isReal ? 'real' : 'integer',
      optional: isOptional(declared),
      ...(link === undefined ? {} : { link }),
      ...(words === undefined ? {} : { words }),
    })
  }
  return columns
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
