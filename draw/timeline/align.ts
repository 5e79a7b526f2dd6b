/**
 * Two runs on one axis: which times of the second stand under which of the first. The view's axis is the first run's.
 *
 *   base       |embed|frame 0 |global 0 |frame 1 | …          knots at each start and end that both have
 *   candidate  |embed|frame 0|global 0|frame 1| …
 */
import type { Stretches } from '../../trace/timeline.ts'

/** (view ns, run ns), ascending in both. */
export type Knots = readonly (readonly [view: number, run: number])[]

type Iteration = Stretches['iterations'][number]

/** The iteration that stands for the run; the first where none was chosen. */
export const representative = (stretches: Stretches): Iteration | undefined =>
  stretches.iterations.find(({ isRepresentative }) => isRepresentative) ?? stretches.iterations[0]

/** One knot that puts the starts of the representative iterations (or of the captures) at one place. */
export function startsTogether(
  base: Stretches,
  candidate: Stretches,
  starts: readonly [number, number],
): Knots {
  const [a, b] = [representative(base), representative(candidate)]
  return a === undefined || b === undefined ? [starts] : [[a.startNs, b.startNs]]
}

/** Knots at the starts and ends of phases that both representative iterations have; undefined where there are none. */
export function phaseByPhase(base: Stretches, candidate: Stretches): Knots | undefined {
  const [a, b] = [representative(base), representative(candidate)]
  if (a === undefined || b === undefined) return undefined
  const found: [number, number][] = [
    [a.startNs, b.startNs],
    [a.endNs, b.endNs],
  ]
  for (const { path, instances } of base.phases) {
    const others = inside(candidate.phases.find((one) => one.path === path)?.instances ?? [], b)
    const own = inside(instances, a)
    // A phase that occurs more often on one side has no pairs that could be told from the names alone.
    if (own.length !== others.length) continue
    for (const [i, [from, to]] of own.entries()) found.push([from, others[i]![0]], [to, others[i]![1]])
  }
  return ascending(found)
}

const inside = (
  instances: readonly (readonly [number, number])[],
  { startNs, endNs }: Iteration,
): (readonly [number, number])[] => instances.filter(([from, to]) => from >= startNs && to <= endNs)

/** The longest run of knots that ascend in both, the first and last kept; an axis never goes back. */
function ascending(knots: [number, number][]): Knots {
  const sorted = knots.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const last = sorted.at(-1)!
  const kept: [number, number][] = []
  for (const knot of sorted) {
    const before = kept.at(-1)
    if (before !== undefined && (knot[1] < before[1] || (knot[0] === before[0] && knot[1] === before[1])))
      continue
    if (knot[1] > last[1]) continue
    kept.push(knot)
  }
  return kept
}
