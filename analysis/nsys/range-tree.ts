/**
 * Which range is whose parent, as nsys has it: of the other ranges of the thread that contain it (both ends included) the
 * one with the least length over; of equally tight ones the one with the lower row number in the file.
 *
 * Two ranges with the same interval contain one another, so each is the other's parent: such a pair, and everything under
 * it, hangs on no root, and has no level and no path.
 */
import { NONE } from '../../trace/column.ts'
import { numberColumn, rowsWhere } from '../rows.ts'

export interface Spans {
  readonly length: number
  readonly start: Float64Array
  /** NaN: no end; contains nothing and lies in nothing. */
  readonly end: Float64Array
  readonly thread: Uint32Array
  /** The file's row number, unique. */
  readonly id: Uint32Array
}

export interface RangeTree {
  /** Index of the parent; NONE for a root. */
  readonly parent: Uint32Array
  /** 0 for a root; −1 where no root is above. */
  readonly level: Int32Array
}

export function rangeTree(spans: Spans): RangeTree {
  const { length, start, end, thread, id } = spans
  const parent = new Uint32Array(length).fill(NONE)
  const level = new Int32Array(length)
  // Containers come first: by thread, start, longest first; equal ones side by side, by row number.
  const size = numberColumn(length, (i) => (Number.isNaN(end[i]!) ? -1 : end[i]! - start[i]!))
  const order = rowsWhere(length, () => true).sort(
    (a, b) => thread[a]! - thread[b]! || start[a]! - start[b]! || size[b]! - size[a]! || id[a]! - id[b]!,
  )
  const isTwin = (a: number, b: number): boolean =>
    thread[a] === thread[b] && start[a] === start[b] && end[a] === end[b]
  let open: number[] = []
  for (let k = 0; k < length;) {
    const one = order[k]!
    let after = k + 1
    while (after < length && isTwin(one, order[after]!)) after++
    if (k > 0 && thread[order[k - 1]!] !== thread[one]) open = []
    open = open.filter((i) => end[i]! >= start[one]!)
    if (after - k > 1) {
      parent[one] = order[k + 1]!
      for (let j = k + 1; j < after; j++) parent[order[j]!] = one
      for (let j = k; j < after; j++) level[order[j]!] = -1
    } else {
      const found = tightest(spans, open, one)
      parent[one] = found
      level[one] = found === NONE ? 0 : level[found] === -1 ? -1 : level[found]! + 1
    }
    for (let j = k; j < after; j++) if (!Number.isNaN(end[order[j]!]!)) open.push(order[j]!)
    k = after
  }
  return { parent, level }
}

function tightest({ start, end, id }: Spans, open: readonly number[], inner: number): number {
  let best = NONE
  let least = Infinity
  for (const one of open) {
    if (!(end[one]! >= end[inner]!)) continue
    const size = end[one]! - start[one]!
    if (size < least || (size === least && id[one]! < id[best]!)) {
      best = one
      least = size
    }
  }
  return best
}

/** ":1:5:7", the row numbers from the root down; null without a root. */
export function pathOf(spans: Spans, tree: RangeTree, index: number): string | null {
  if (tree.level[index] === -1) return null
  let path = ''
  for (let i = index; i !== NONE; i = tree.parent[i]!) path = `:${spans.id[i]}${path}`
  return path
}
