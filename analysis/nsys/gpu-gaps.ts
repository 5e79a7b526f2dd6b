/** Stretches longer than half a second in which a process leaves a device idle, between its first and last work on it. */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { gpuLanes, scanOrder } from './gpu-lanes.ts'
import type { GpuLane } from './gpu-lanes.ts'
import { GPU_WORK } from './needs.ts'
import { integers, numbered, report } from './report.ts'
import { sourceTimes } from './source-time.ts'

const NS_PER_MS = 1e6

interface Gap {
  length: number
  start: number
  lane: GpuLane
  context: number
}

export const gpuGaps = report({
  id: 'gpu_gaps',
  title: 'GPU gaps',
  kind: 'rule',
  needs: [{ anyOf: GPU_WORK }, { column: 'globalPid', of: GPU_WORK }],
  parameters: {
    gapMs: { type: 'count', about: 'gaps longer than this many milliseconds (500)' },
    rows: { type: 'count', about: 'at most this many rows, the longest (−1: all)' },
  },
  columns: integers('Row#', 'Duration (ns)', 'Start (ns)', 'PID', 'Device ID', 'Context ID'),
  rows: (trace, { gapMs = 500, rows = -1 }) => {
    const time = sourceTimes(trace)
    const gaps = gpuLanes(trace).flatMap((lane) => gapsOf(trace, lane, gapMs * NS_PER_MS))
    gaps.sort(
      (a, b) =>
        b.length - a.length || a.lane.pid - b.lane.pid || a.lane.device - b.lane.device || a.start - b.start,
    )
    return numbered(
      gaps.map(({ length, start, lane, context }) => [length, time(start), lane.pid, lane.device, context]),
      rows,
    )
  },
})

/** Gaps with the context of the op before; of ops that end together the one nsys comes upon last. */
function gapsOf(trace: Trace, lane: GpuLane, threshold: number): Gap[] {
  const { device_op: ops, stream } = trace
  const gaps: Gap[] = []
  let until = Infinity
  let last = NONE
  for (let i = 0; i < lane.length; i++) {
    const start = lane.start[i]!
    const end = lane.end[i]!
    const op = lane.op[i]!
    if (start - until > threshold)
      gaps.push({
        length: start - until,
        start: until,
        lane,
        context: last === NONE ? lane.context : stream.context[ops.stream[last]!]!,
      })
    const isLater = op === NONE || (last !== NONE && scanOrder(trace, op, last) > 0)
    if (until === Infinity || end > until || (end === until && isLater)) last = op
    until = until === Infinity ? end : Math.max(until, end)
  }
  return gaps
}
