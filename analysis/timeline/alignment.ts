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
import { align } from '../diff/align.ts'
import { representative } from '../diff/side.ts'
import type { Side } from '../diff/side.ts'

/** Knots ascend in both runs; a match that would cross another is left out. */
export function alignmentOf(base: Trace, candidate: Trace): Alignment {
  const sides = [representative(base), representative(candidate)] as const
  const aligned = align(...sides)
  const [a, b] = [
    extents(sides[0], aligned.base, aligned.groups),
    extents(sides[1], aligned.candidate, aligned.groups),
  ]
  const knots: [number, number][] = []
  for (let group = 0; group < aligned.groups; group++) {
    if (a.from[group] === Infinity || b.from[group] === Infinity) continue
    knots.push([a.from[group]!, b.from[group]!], [a.to[group]!, b.to[group]!])
  }
  const kept = ascending(knots)
  return { knots: kept, matchedOps: count(aligned.base), ops: sides[0].ops.length }
}

/** First start and last end of each group. */
function extents(side: Side, groupOf: Uint32Array, groups: number): { from: Float64Array; to: Float64Array } {
  const { start, duration } = side.trace.device_op
  const from = new Float64Array(groups).fill(Infinity)
  const to = new Float64Array(groups).fill(-Infinity)
  for (const [i, op] of side.ops.entries()) {
    const group = groupOf[i]!
    if (group === NONE) continue
    from[group] = Math.min(from[group]!, start[op]!)
    to[group] = Math.max(to[group]!, start[op]! + duration[op]!)
  }
  return { from, to }
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
