/**
 * Sorting what is nearly in order: exporters write rows as they came from the GPU, so a table is mostly one ascending run
 * with neighbours swapped here and there, and several tables one after another are a run each.
 *
 *   keys    1 2 4 3 5 6 │ 2 5 7        one pass moves the 3 to its place; where the second 2 is too far down for that, it
 *   runs    1 2 3 4 5 6 │ 2 5 7        begins another run, and the runs are merged:  1 2 2 3 4 5 5 6 7
 */

/**
 * A row is moved up to this many places back: streams that wait in a full queue lag behind by some hundred kernels. One that
 * belongs further back begins a run of its own.
 */
const NEAR = 512
/** More runs, or more places moved a row on average, are not nearly sorted: then radix is cheaper. */
const MOST_RUNS = 16
const MOST_MOVES = 16

/**
 * The order that sorts `keys` ascending, stably, starting from `order`, which is consumed. Undefined where the rows are
 * not nearly sorted; `order` then holds another order from which a stable sort by the same keys ends the same.
 */
export function orderOfRuns(keys: Float64Array, order: Uint32Array): Uint32Array | undefined {
  const ends = ascendingRuns(keys, order)
  if (ends === undefined) return undefined
  let from = order
  let to: Uint32Array = new Uint32Array(ends.length > 1 ? order.length : 0)
  for (let bounds = ends; bounds.length > 1;) {
    const merged: number[] = []
    let start = 0
    for (let k = 0; k < bounds.length; k += 2) {
      const middle = bounds[k]!
      const end = bounds[k + 1] ?? middle
      mergeRuns(keys, from, to, start, middle, end)
      merged.push((start = end))
    }
    ;[from, to] = [to, from]
    bounds = merged
  }
  return from
}

/** Puts rows that are a few places off where they belong; says where each ascending run ends. */
function ascendingRuns(keys: Float64Array, order: Uint32Array): number[] | undefined {
  const ends: number[] = []
  let runStart = 0
  let last = -Infinity
  let moves = MOST_MOVES * order.length
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const key = keys[row]!
    if (key >= last) {
      last = key
      continue
    }
    const lowest = Math.max(runStart, i - NEAR)
    let place = i
    while (place > lowest && keys[order[place - 1]!]! > key) place--
    if (place === lowest && lowest > runStart && keys[order[lowest - 1]!]! > key) {
      if (ends.push(i) === MOST_RUNS) return undefined
      runStart = i
      last = key
      continue
    }
    for (let to = i; to > place; to--) order[to] = order[to - 1]!
    order[place] = row
    moves -= i - place
    if (moves < 0) return undefined
  }
  ends.push(order.length)
  return ends
}

/** Two neighbouring runs of `from` as one of `to`; of equal keys the first run's come first. */
function mergeRuns(
  keys: Float64Array,
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let [left, right] = [start, middle]
  for (let at = start; at < end; at++) {
    const takesLeft = right >= end || (left < middle && keys[from[left]!]! <= keys[from[right]!]!)
    to[at] = from[takesLeft ? left++ : right++]!
  }
}
