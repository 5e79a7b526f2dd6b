/** After the merge: what a runtime told without a range of its own gets the recorded range around it. */
import { tableFrom } from '../../trace/builder.ts'
import { NONE } from '../../trace/column.ts'
import { columnsOf } from '../../trace/table.ts'
import { RangeStyle, deviceOp, range as rangeSpec } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import type { StepRange } from './step-ranges.ts'

/**
 * Sections from node names get the step's range as parent where they have none, ops get it as range; depths follow.
 * Ranges of steps do not overlap. Answers with the ops that lie in none.
 */
export function attribute(trace: Trace, steps: readonly StepRange[]): { trace: Trace; outside: number } {
  const ordered = [...steps].sort((a, b) => a.startNs - b.startNs)
  const starts = Float64Array.from(ordered, ({ startNs }) => startNs)
  const around = (time: number): number => {
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= time) low = middle + 1
      else high = middle
    }
    const step = ordered[low - 1]
    return step !== undefined && time <= step.endNs ? step.row : NONE
  }

  const { range, device_op: op, strings } = trace
  const isSection = (row: number): boolean =>
    range.style[row] === RangeStyle.other &&
    /^(phase|section)$/.test(strings[range.category?.[row] ?? 0] ?? '')
  const parent = Uint32Array.from({ length: range.length }, (_, row) => range.parent?.[row] ?? NONE)
  const depth = Uint16Array.from(range.depth)
  for (let row = 0; row < range.length; row++) {
    if (!isSection(row)) continue
    if (parent[row] === NONE) parent[row] = around(range.start[row]!)
    depth[row] = parent[row] === NONE ? 0 : depth[parent[row]!]! + 1
  }
  const rangeOf = Uint32Array.from({ length: op.length }, (_, row) => op.range?.[row] ?? NONE)
  let outside = 0
  for (let row = 0; row < op.length; row++) {
    // An op with a launch belongs to its launch's range.
    if (rangeOf[row] !== NONE || (op.launch?.[row] ?? NONE) !== NONE) continue
    rangeOf[row] = around(op.start[row]!)
    if (rangeOf[row] === NONE) outside++
  }
  return {
    trace: {
      ...trace,
      range: tableFrom(rangeSpec, { ...columnsOf(rangeSpec, range), parent, depth }, range.length),
      device_op: tableFrom(deviceOp, { ...columnsOf(deviceOp, op), range: rangeOf }, op.length),
    },
    outside,
  }
}
