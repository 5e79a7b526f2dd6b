/**
 * How one wanted column is asked of SQLite, and how the answer is stored.
 *
 * better-sqlite3 hands integers over as doubles, exact to 2^53. What may be larger is made smaller inside SQLite, where
 * integers have 64 bits: times by subtracting the base, ids by splitting.
 *
 *   i64  -1 = 0xffffffff_ffffffff  →  value >> 32 = -1 (signed high half), value & 0xffffffff = 4294967295 (low half)
 */
import type { StringPool } from '../../trace/builder.ts'
import { elementOf } from '../../trace/column.ts'
import type { ColumnArray, ColumnType } from '../../trace/column.ts'
import { EXACT, HIGH, LOW, RANGES, absentOf } from './values.ts'

/** A row as better-sqlite3 hands it over. */
export type RawRow = readonly unknown[]

export interface Asked {
  /** SQL expressions, one or two, in which `@base` is the base. */
  sql: readonly string[]
  /** Whether they use `@base`. */
  based: boolean
  /** Stores row `i` of `array`; `at` is where this column's first expression stands in `row`. */
  store: (array: ColumnArray, i: number, row: RawRow, at: number) => void
}

/** The value if it is an INTEGER or a whole REAL within int64, else NULL. */
const integerSql = (column: string): string =>
  `CASE typeof(${column}) WHEN 'integer' THEN ${column}
   WHEN 'real' THEN iif(${column} = CAST(${column} AS INTEGER), CAST(${column} AS INTEGER), NULL) END`

/** How to read the column of (quoted) name `column` as `type`. */
export function ask(column: string, type: ColumnType, pool: StringPool): Asked {
  const element = elementOf(type)
  const absent = absentOf(type) as number
  const small = RANGES[element]
  if (small !== undefined) {
    const [min, max] = small
    const fits = (value: unknown): value is number =>
      typeof value === 'number' && value >= min && value <= max && Number.isInteger(value)
    return asked([column], (row, at) => (fits(row[at]) ? row[at] : absent))
  }
  if (element === 'string')
    return asked([column], (row, at) => {
      const value = row[at]
      return typeof value === 'string' ? pool.intern(value) : absent
    })
  if (element === 'f64')
    return asked([column], (row, at) => {
      const value = row[at]
      return typeof value === 'number' ? value : absent
    })
  if (element === 'ns')
    return {
      ...asked([`(${integerSql(column)}) - @base`], (row, at) => {
        const value = row[at]
        return typeof value === 'number' && Math.abs(value) < EXACT ? value : absent
      }),
      based: true,
    }
  const integer = integerSql(column)
  return askedHalves([`(${integer}) >> 32`, `(${integer}) & 4294967295`], absentOf(type) as bigint)
}

const asked = (sql: readonly string[], value: (row: RawRow, at: number) => number): Asked => ({
  sql,
  based: false,
  store: (array, i, row, at) => {
    array[i] = value(row, at)
  },
})

/** Stores through the 32-bit halves of the array: a BigInt a value would cost more than all the rest. */
function askedHalves(sql: readonly string[], absent: bigint): Asked {
  let halves: Int32Array = new Int32Array()
  return {
    sql,
    based: false,
    store: (array, i, row, at) => {
      const value = row[at]
      if (typeof value !== 'number') array[i] = absent as never
      else {
        if (halves.buffer !== array.buffer) halves = new Int32Array(array.buffer)
        halves[2 * i + HIGH] = value
        halves[2 * i + LOW] = row[at + 1] as number
      }
    },
  }
}
