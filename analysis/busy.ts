/**
 * Lengths of time: union (busy), sum, and the windows that questions are asked of.
 */
import { ns } from '../trace/units.ts'
import type { Ns } from '../trace/units.ts'

/** A stretch of time, end excluded. */
export type Window = readonly [Ns, Ns]

/** Sorted, disjoint windows that cover the same time. Empty ones vanish. */
export function unionOf(windows: readonly Window[]): Window[] {
  const sorted = windows.filter(([a, b]) => b > a).sort((x, y) => x[0] - y[0])
  const result: [Ns, Ns][] = []
  for (const [a, b] of sorted) {
    const last = result[result.length - 1]
    if (last !== undefined && a <= last[1]) last[1] = ns(Math.max(last[1], b))
    else result.push([a, b])
  }
  return result
}

/** Total length of disjoint windows. */
export const lengthOf = (windows: readonly Window[]): Ns =>
  ns(windows.reduce((sum, [a, b]) => sum + (b - a), 0))

interface Spans {
  readonly start: Float64Array
  readonly duration: Float64Array
}

/** Length of the union of some rows of a start-sorted table; the rows must ascend. */
export function busyOf(table: Spans, rows: ArrayLike<number>): Ns {
  const { start: starts, duration } = table
  let busy = 0
  let until = -Infinity
  for (let k = 0; k < rows.length; k++) {
    const start = starts[rows[k]!]!
    const end = start + duration[rows[k]!]!
    if (end <= until) continue
    busy += end - (start > until ? start : until)
    until = end
  }
  return ns(busy)
}
