/**
 * Where a run's time stands on the view's axis. One run alone has the same axis; of two stacked runs the second may be
 * shifted, or warped piece by piece so that matching spans stand under each other.
 *
 *   view   0 ─────── 10 ────── 20 ────── 30
 *   run    5 ─────── 15 ── 18 ───────── 28        knots (view, run): (0,5) (10,15) (20,18) (30,28)
 */
export interface Axis {
  toRun(viewNs: number): number
  toView(runNs: number): number
}

export const sameAxis: Axis = { toRun: (ns) => ns, toView: (ns) => ns }

/** The run's time `runNs` stands at the view's 0. */
export const shiftedAxis = (runNs: number): Axis => ({
  toRun: (ns) => ns + runNs,
  toView: (ns) => ns - runNs,
})

/** Pairs (view ns, run ns), ascending in both; beyond the ends time runs at its own pace. */
export function warpedAxis(knots: readonly (readonly [view: number, run: number])[]): Axis {
  if (knots.length === 0) return sameAxis
  return {
    toRun: (ns) => interpolate(knots, 0, 1, ns),
    toView: (ns) => interpolate(knots, 1, 0, ns),
  }
}

function interpolate(
  knots: readonly (readonly [number, number])[],
  from: 0 | 1,
  to: 0 | 1,
  ns: number,
): number {
  const first = knots[0]!
  const last = knots.at(-1)!
  if (ns <= first[from]) return ns - first[from] + first[to]
  if (ns >= last[from]) return ns - last[from] + last[to]
  let low = 0
  let high = knots.length - 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (knots[middle]![from] <= ns) low = middle
    else high = middle
  }
  const [a, b] = [knots[low]!, knots[high]!]
  // Both knots at one time: a stretch that exists on one side only.
  if (b[from] === a[from]) return a[to]
  return a[to] + ((ns - a[from]) / (b[from] - a[from])) * (b[to] - a[to])
}
