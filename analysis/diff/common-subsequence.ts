/**
 * A longest common subsequence of two token sequences, after Myers, "An O(ND) Difference Algorithm" (1986), greedy variant.
 *
 *   a   x y z y x         matched pairs ascend on both sides:
 *   b   y z x x           (1,0) (2,1) (4,2)
 *
 * Cost is (length) × (number of differences). Past `budget` steps the sequences are matched window by window: still
 * ascending, no longer longest.
 */
export function commonSubsequence(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  budget = 40_000_000,
): { a: Uint32Array; b: Uint32Array } {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++
  const middle = shortestEdit(a, b, head, a.length - tail, b.length - tail, budget)
  const pairsA: number[] = []
  const pairsB: number[] = []
  for (let i = 0; i < head; i++) pairsA.push(i)
  for (let i = 0; i < head; i++) pairsB.push(i)
  for (const [x, y] of middle) {
    pairsA.push(x)
    pairsB.push(y)
  }
  for (let i = tail; i > 0; i--) {
    pairsA.push(a.length - i)
    pairsB.push(b.length - i)
  }
  return { a: Uint32Array.from(pairsA), b: Uint32Array.from(pairsB) }
}

/** Tokens of a window, where the whole is too different to be looked at as one. */
const WINDOW = 1024

function shortestEdit(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  from: number,
  endA: number,
  endB: number,
  budget: number,
): [number, number][] {
  const n = endA - from
  const m = endB - from
  if (n === 0 || m === 0) return []
  const max = n + m
  const offset = max + 1
  const furthest = new Int32Array(2 * max + 3)
  /** The furthest points before each round, to walk back along. */
  const history: Int32Array[] = []
  let steps = 0
  for (let d = 0; d <= max; d++) {
    history.push(furthest.slice(offset - d - 1, offset + d + 2))
    for (let k = -d; k <= d; k += 2) {
      let x =
        k === -d || (k !== d && furthest[offset + k - 1]! < furthest[offset + k + 1]!)
          ? furthest[offset + k + 1]!
          : furthest[offset + k - 1]! + 1
      let y = x - k
      while (x < n && y < m && a[from + x] === b[from + y]) {
        x++
        y++
        steps++
      }
      furthest[offset + k] = x
      if (x >= n && y >= m) return walkBack(history, n, m, from)
    }
    steps += d
    // History is the square of the differences: keep it to some tens of megabytes as well.
    if (steps > budget || d > 6000) return windowed(a, b, from, endA, endB)
  }
  return []
}

function walkBack(history: readonly Int32Array[], n: number, m: number, from: number): [number, number][] {
  const pairs: [number, number][] = []
  let x = n
  let y = m
  for (let d = history.length - 1; d >= 0; d--) {
    const before = history[d]!
    const at = (k: number): number => before[k + d + 1]!
    const k = x - y
    const isDown = k === -d || (k !== d && at(k - 1) < at(k + 1))
    const previousK = isDown ? k + 1 : k - 1
    const previousX = d === 0 ? 0 : at(previousK)
    const previousY = d === 0 ? 0 : previousX - previousK
    // The diagonal that followed this round's one insertion or deletion.
    const startX = d === 0 ? 0 : isDown ? previousX : previousX + 1
    while (x > startX) {
      x--
      y--
      pairs.push([from + x, from + y])
    }
    if (d === 0) break
    x = previousX
    y = previousY
  }
  return pairs.reverse()
}

/**
 * Window by window: the first half of each window's best matches counts, the next window begins behind them. Near the best
 * as long as the sequences run side by side; what was moved further than a window is not found.
 */
function windowed(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  from: number,
  endA: number,
  endB: number,
): [number, number][] {
  const pairs: [number, number][] = []
  let x = from
  let y = from
  while (x < endA && y < endB) {
    const [untilA, untilB] = [Math.min(endA, x + WINDOW), Math.min(endB, y + WINDOW)]
    const found = shortestEdit(slice(a, x, untilA), slice(b, y, untilB), 0, untilA - x, untilB - y, Infinity)
    const isLast = untilA === endA && untilB === endB
    let kept = 0
    for (const [i, j] of found) {
      if (!isLast && (i > WINDOW / 2 || j > WINDOW / 2)) break
      pairs.push([x + i, y + j])
      kept++
    }
    if (isLast) break
    const last = found[kept - 1]
    x += last === undefined ? WINDOW / 2 : last[0] + 1
    y += last === undefined ? WINDOW / 2 : last[1] + 1
  }
  return pairs
}

const slice = (values: ArrayLike<number>, from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to - from }, (_, i) => values[from + i]!)
