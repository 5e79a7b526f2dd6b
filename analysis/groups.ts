/**
 * GROUP BY over columns: rows that agree in every key column are one group, numbered by first appearance.
 */
import { RowList } from './row-list.ts'

export interface Groups {
  readonly count: number
  /** Group of each row. */
  readonly of: Uint32Array
  /** First row of each group. */
  readonly first: Uint32Array
}

const EMPTY = 0xffffffff

/** Groups `length` rows by their keys; no string or object per row. */
export const groupRows = (length: number, keys: readonly Uint32Array[]): Groups =>
  denselyGrouped(length, keys) ?? hashed(length, keys)

/**
 * Keys are mostly small numbers: strings' indices, rows of short tables. Then a plain table says which group a value is,
 * and each further key splits the groups so far:
 *
 *   group so far × values of the key    2 × 3 = 6 places, of which those that occur become groups by first appearance
 *
 * Undefined where the table would have many more places than there are rows.
 */
function denselyGrouped(length: number, keys: readonly Uint32Array[]): Groups | undefined {
  let groups: Groups = { count: Math.min(length, 1), of: new Uint32Array(length), first: new Uint32Array(1) }
  for (const key of keys) {
    if (isConstant(key, length)) continue
    // One place more for the absent value.
    const width = greatestOf(key, length) + 2
    if (groups.count * width > 2 * length + 65_536) return undefined
    groups = split(groups, key, width)
  }
  return { ...groups, first: groups.first.slice(0, groups.count) }
}

/** Groups some rows of a column whose values lie below `width`. */
export function groupColumn(column: Uint32Array, rows: Uint32Array, width: number): Groups {
  const groupAt = new Uint32Array(width).fill(EMPTY)
  const first = new RowList(Math.min(width, rows.length))
  const of = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!
    if (groupAt[value] === EMPTY) {
      groupAt[value] = first.length
      first.add(i)
    }
    of[i] = groupAt[value]!
  }
  return { count: first.length, of, first: first.finish() }
}

/** Whether a key splits nothing: devices and threads mostly are one, and many kernels have no y and z. */
function isConstant(key: Uint32Array, length: number): boolean {
  for (let row = 1; row < length; row++) if (key[row] !== key[0]) return false
  return true
}

/** The greatest value there is; 0 where all are absent. */
function greatestOf(key: Uint32Array, length: number): number {
  let greatest = 0
  for (let row = 0; row < length; row++) if (key[row]! > greatest && key[row]! !== EMPTY) greatest = key[row]!
  return greatest
}

/** Groups split further by a key, whose values lie below width − 1 or are absent. The groups so far are overwritten. */
function split({ of, count }: Groups, key: Uint32Array, width: number): Groups {
  const groupAt = new Uint32Array(count * width).fill(EMPTY)
  const first = new Uint32Array(Math.min(of.length, count * width))
  let found = 0
  for (let row = 0; row < of.length; row++) {
    const value = key[row]!
    const place = of[row]! * width + (value === EMPTY ? width - 1 : value)
    let group = groupAt[place]!
    if (group === EMPTY) {
      group = groupAt[place] = found++
      first[group] = row
    }
    of[row] = group
  }
  return { count: found, of, first: first.subarray(0, found) }
}

/** With a hash table of first rows, in one pass. */
function hashed(length: number, keys: readonly Uint32Array[]): Groups {
  const of = new Uint32Array(length)
  let first = new Uint32Array(64)
  let slots = new Uint32Array(256).fill(EMPTY)
  let count = 0
  for (let row = 0; row < length; row++) {
    let slot = slotOf(keys, row, slots.length)
    let group: number
    while ((group = slots[slot]!) !== EMPTY && !isSame(keys, first[group]!, row))
      slot = (slot + 1) & (slots.length - 1)
    if (group === EMPTY) {
      group = count++
      slots[slot] = group
      if (group === first.length) first = enlarged(first)
      first[group] = row
      if (count * 2 > slots.length) slots = rehashed(keys, first, count, slots.length * 4)
    }
    of[row] = group
  }
  return { count, of, first: first.slice(0, count) }
}

/** Rows side by side: those of group g are order[first[g]] … order[first[g + 1] − 1], ascending. */
export function rowsByGroup({ count, of }: Groups): { first: Uint32Array; order: Uint32Array } {
  const first = new Uint32Array(count + 1)
  for (let row = 0; row < of.length; row++) first[of[row]! + 1]!++
  for (let group = 0; group < count; group++) first[group + 1]! += first[group]!
  const at = first.slice()
  const order = new Uint32Array(of.length)
  for (let row = 0; row < of.length; row++) order[at[of[row]!]!++] = row
  return { first, order }
}

function slotOf(keys: readonly Uint32Array[], row: number, size: number): number {
  let hash = 0
  for (let k = 0; k < keys.length; k++) {
    hash = Math.imul(hash ^ keys[k]![row]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash & (size - 1)
}

function isSame(keys: readonly Uint32Array[], a: number, b: number): boolean {
  for (let k = 0; k < keys.length; k++) if (keys[k]![a] !== keys[k]![b]) return false
  return true
}

function enlarged(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}

function rehashed(
  keys: readonly Uint32Array[],
  first: Uint32Array,
  count: number,
  size: number,
): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(size).fill(EMPTY)
  for (let group = 0; group < count; group++) {
    let slot = slotOf(keys, first[group]!, size)
    while (slots[slot] !== EMPTY) slot = (slot + 1) & (size - 1)
    slots[slot] = group
  }
  return slots
}
