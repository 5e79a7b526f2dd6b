/**
 * Small steps that every event table goes through: leave out rows without a time, sort by start, follow with all columns.
 */
import { NONE, permuted } from '../../trace/column.ts'
import type { ColumnArray } from '../../trace/column.ts'
import { ascendingOrder, isAscending } from '../order.ts'
import type { ImportState } from './import-state.ts'

/** A time that does not fit the axis: the export's times are epoch-sized, read again with another base. */
export class RebaseNeeded extends Error {}

/** A value that the row has; undefined where it is absent. */
export const told = (value: number | undefined): number | undefined => (value === NONE ? undefined : value)

export type ColumnSet = Record<string, ColumnArray | undefined>

/**
 * end − start, written over `end` (of ten million rows another column would be 80 MB); without ends all are 0. Rows that end
 * before their start, or have no start, come back as `bad`.
 */
export function durations(
  start: Float64Array,
  end: Float64Array | undefined,
): { duration: Float64Array; bad: Uint32Array } {
  const duration = end ?? start.slice()
  const bad: number[] = []
  for (let i = 0; i < start.length; i++) {
    const length = duration[i]! - start[i]!
    duration[i] = length
    // NaN (no start or no end) is not >= 0 either.
    if (!(length >= 0)) bad.push(i)
  }
  return { duration, bad: Uint32Array.from(bad) }
}

/** The same rows in ascending start order, without the bad ones. */
export function sorted(start: Float64Array, bad: Uint32Array): Uint32Array | undefined {
  if (bad.length === 0) return isAscending(start) ? undefined : ascendingOrder(start)
  const out = new Set(bad)
  const kept = new Uint32Array(start.length - bad.length)
  const keys = new Float64Array(kept.length)
  let n = 0
  for (let i = 0; i < start.length; i++)
    if (!out.has(i)) {
      keys[n] = start[i]!
      kept[n++] = i
    }
  return ascendingOrder(keys).map((i) => kept[i]!)
}

/**
 * Columns with their rows in this order; undefined leaves them as they are. Takes them out of `columns` one by one, so that
 * no two copies of a whole table stand in memory.
 */
export function inOrder(columns: ColumnSet, order?: Uint32Array): ColumnSet {
  if (order === undefined) return columns
  const pieces = piecesOf(order)
  const result: ColumnSet = {}
  for (const name of Object.keys(columns)) {
    const column = columns[name]
    delete columns[name]
    if (column !== undefined) result[name] = pieces ? inPieces(column, pieces) : permuted(column, order)
  }
  return result
}

/** Rows in a piece on average from which on copying it whole is cheaper than row by row. */
const LONG_PIECE = 256

/** An order that only moves long pieces: where each piece begins and ends among the old rows. Else undefined. */
function piecesOf(order: Uint32Array): [from: number, to: number][] | undefined {
  const pieces: [number, number][] = []
  const most = order.length / LONG_PIECE
  for (let i = 0, from = 0; i < order.length; i++) {
    if (i + 1 < order.length && order[i + 1] === order[i]! + 1) continue
    if (pieces.push([order[from]!, order[i]! + 1]) > most) return undefined
    from = i + 1
  }
  return pieces
}

function inPieces(column: ColumnArray, pieces: readonly [number, number][]): ColumnArray {
  const length = pieces.reduce((sum, [from, to]) => sum + to - from, 0)
  const result = new (column.constructor as new (length: number) => Float64Array)(length)
  let at = 0
  for (const [from, to] of pieces) {
    result.set((column as Float64Array).subarray(from, to), at)
    at += to - from
  }
  return result
}

export function countBad(state: ImportState, table: string, bad: Uint32Array): void {
  state.skip(table, bad.length, 'without a start on the time axis of the others, or ending before it')
}

/** rowid as u32; larger ones (never seen) keep their low 32 bits. */
export const sourceRows = (rowid: Float64Array): Uint32Array => new Uint32Array(rowid)
