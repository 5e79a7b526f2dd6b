/** Taking out the range that opened and closed the capture: it would stand among the phases and is none. */
import { reorder, tableFrom } from '../../trace/builder.ts'
import { NONE } from '../../trace/column.ts'
import { columnsOf } from '../../trace/table.ts'
import { apiCall, deviceOp, range as rangeSpec } from '../../trace/tables.ts'
import type { Part } from './part.ts'

/** The part without it, the row counted as skipped. Nothing is inside it: it has a thread of its own. */
export function withoutCaptureRange(part: Part, name: string | undefined): Part {
  const { trace } = part
  if (trace === undefined || name === undefined) return part
  const { range, strings } = trace
  const kept: number[] = []
  for (let row = 0; row < range.length; row++) {
    const isIt = strings[range.name?.[row] ?? 0] === name && (range.parent?.[row] ?? NONE) === NONE
    if (!isIt || range.parent?.includes(row)) kept.push(row)
  }
  if (kept.length === range.length) return part
  const newRow = new Uint32Array(range.length).fill(NONE)
  kept.forEach((row, to) => (newRow[row] = to))
  const moved = (rows: Uint32Array | undefined): Uint32Array | undefined =>
    rows?.map((row) => (row === NONE ? NONE : newRow[row]!))
  const left = reorder(rangeSpec, range, Uint32Array.from(kept))
  const { api_call: calls, device_op: ops } = trace
  return {
    ...part,
    trace: {
      ...trace,
      range: tableFrom(rangeSpec, { ...columnsOf(rangeSpec, left), parent: moved(left.parent) }, left.length),
      api_call: tableFrom(apiCall, { ...columnsOf(apiCall, calls), range: moved(calls.range) }, calls.length),
      device_op: tableFrom(deviceOp, { ...columnsOf(deviceOp, ops), range: moved(ops.range) }, ops.length),
    },
    skipped: [
      ...part.skipped,
      {
        what: 'NVTX_EVENTS',
        count: range.length - kept.length,
        why: `${name} is the range that opened and closed the capture, not part of the model`,
      },
    ],
  }
}
