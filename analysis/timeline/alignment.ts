/**
 * Which time of one run stands under which of another: the starts and ends of what the diff matched, work with work, in
 * the two runs' representative iterations.
 *
 *   base       AAAA  BB CC      groups of the diff: A ↔ a, {B, C} ↔ b
 *   candidate  aa bbb           knots: start and end of each group on both sides
 */
import { NONE } from '../../trace/column.ts'
import type { Alignment } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { aligned, pooledPair } from '../diff/diff.ts'
import type { Side } from '../diff/side.ts'

/**
 * Knots ascend in both runs; a match that would cross another is left out of them, but not of the groups. Corrections and
 * the device are the diff's (`diffOf`); throws what it throws.
 */
export function alignmentOf(
  base: Trace,
  candidate: Trace,
  corrections: readonly string[] = [],
  device?: number,
): Alignment {
  const [own, other] = pooledPair([base], [candidate], undefined, device)
  const { a, b, alignment } = aligned(own, other, corrections)
  const sides = [a.side, b.side] as const
  const [x, y] = [
    extents(sides[0], alignment.base, alignment.groups),
    extents(sides[1], alignment.candidate, alignment.groups),
  ]
  const knots: [number, number][] = []
  for (let group = 0; group < alignment.groups; group++) {
    if (x.from[group] === Infinity || y.from[group] === Infinity) continue
    knots.push([x.from[group]!, y.from[group]!], [x.to[group]!, y.to[group]!])
  }
  return {
    knots: held(ascending(knots)),
    matchedOps: count(alignment.base),
    ops: sides[0].ops.length,
    base: opsOf(sides[0], alignment.base),
    candidate: opsOf(sides[1], alignment.candidate),
    groupNs: Array.from(x.ns, (ns, group) => [ns, y.ns[group]!]),
    instances: alignment.instances
      .map((one) => ({ base: one.base.filter(isRange), candidate: one.candidate.filter(isRange) }))
      .filter((one) => one.base.length > 0 && one.candidate.length > 0),
  }
}

const isRange = (row: number): boolean => row !== NONE

function opsOf({ trace, device, ops }: Side, groups: Uint32Array): Alignment['base'] {
  const { start, duration } = trace.device_op
  return {
    device,
    row: Array.from(ops),
    startNs: Array.from(ops, (op) => start[op]!),
    durNs: Array.from(ops, (op) => duration[op]!),
    group: Array.from(groups, (group) => (group === NONE ? -1 : group)),
  }
}

/** From this many times the length on, a stretch of the candidate is not stretched any more. */
const STRETCH = 4

/**
 * Where the base has far more time than the candidate (work that only the base has), the candidate's stretch keeps its own
 * length and its clock then stands still: stretched over it, a gap of a microsecond would look like half a second of work.
 */
export function held(knots: readonly (readonly [number, number])[]): [number, number][] {
  return knots.flatMap(([a, b], i): [number, number][] => {
    const next = knots[i + 1]
    if (next === undefined || next[0] - a <= STRETCH * (next[1] - b)) return [[a, b]]
    return [
      [a, b],
      [a + next[1] - b, next[1]],
    ]
  })
}

/** First start, last end and owned time of each group. */
function extents(
  side: Side,
  groupOf: Uint32Array,
  groups: number,
): { from: Float64Array; to: Float64Array; ns: Float64Array } {
  const { start, duration } = side.trace.device_op
  const from = new Float64Array(groups).fill(Infinity)
  const to = new Float64Array(groups).fill(-Infinity)
  const ns = new Float64Array(groups)
  for (const [i, op] of side.ops.entries()) {
    const group = groupOf[i]!
    if (group === NONE) continue
    from[group] = Math.min(from[group]!, start[op]!)
    to[group] = Math.max(to[group]!, start[op]! + duration[op]!)
    ns[group]! += side.owned[i]!
  }
  return { from, to, ns }
}

/**
 * The longest ascending selection, so that one match out of order costs itself and not all that follow it.
 * Patience sorting on the candidate's times, in the base's order.
 */
export function ascending(knots: readonly (readonly [number, number])[]): [number, number][] {
  const sorted = [...knots].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const piles: number[] = []
  const before = new Int32Array(sorted.length).fill(-1)
  for (let i = 0; i < sorted.length; i++) {
    let low = 0
    let high = piles.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[piles[middle]!]![1] <= sorted[i]![1]) low = middle + 1
      else high = middle
    }
    before[i] = low > 0 ? piles[low - 1]! : -1
    piles[low] = i
  }
  const kept: [number, number][] = []
  for (let i = piles.at(-1) ?? -1; i >= 0; i = before[i]!) kept.push([...sorted[i]!] as [number, number])
  return kept.reverse()
}

const count = (groups: Uint32Array): number =>
  groups.reduce((sum, group) => sum + (group === NONE ? 0 : 1), 0)
