/** How large a launch is, to tell one batch from the many launches that it replaced. */
import { NONE } from '../../trace/column.ts'
import type { Side } from './side.ts'

/** Whether the other side's ops are single larger ones: more blocks (or, without grids, time) for an op, on average. */
export function grew(side: Side, mine: readonly number[], other: Side, theirs: readonly number[]): boolean {
  return meanSize(other, theirs) > 1.5 * meanSize(side, mine)
}

function meanSize(side: Side, positions: readonly number[]): number {
  if (positions.length === 0) return 0
  return positions.reduce((sum, i) => sum + sizeOf(side, i), 0) / positions.length
}

/** Blocks of a launch; the time of an op that has no grid. */
export function sizeOf(side: Side, i: number): number {
  const { device_op: ops } = side.trace
  const op = side.ops[i]!
  const x = ops.gridX?.[op] ?? NONE
  return x === NONE ? ops.duration[op]! : x * (ops.gridY?.[op] ?? 1) * (ops.gridZ?.[op] ?? 1)
}
