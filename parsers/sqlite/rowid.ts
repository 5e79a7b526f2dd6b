/** An INTEGER PRIMARY KEY column: another name of the rowid, and stored as NULL in the record. */
import type { ColumnType } from '../../trace/column.ts'
import type { Decode } from './decode.ts'
import type { GrowingColumns } from './growing.ts'
import { fromInteger } from './values.ts'

/** Fills a column from the rowids, which are exact to 2^53. */
export function rowidDecoder(type: ColumnType, base: bigint, into: GrowingColumns): Decode {
  const value = fromInteger(type, base)
  return (_bytes, _view, count, array, row) => {
    const { rowid } = into
    for (let i = row; i < row + count; i++) array[i] = value(BigInt(rowid[i]!)) as never
  }
}
