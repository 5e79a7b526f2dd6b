/** Stretches in which a process used a device less than half of the time: its span in 30 pieces, low neighbours joined. */
import { gpuLanes } from './gpu-lanes.ts'
import type { GpuLane } from './gpu-lanes.ts'
import { GPU_WORK } from './needs.ts'
import { integers, numbered, report, tenths } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { sourceTimes } from './source-time.ts'

export const gpuTimeUtil = report({
  id: 'gpu_time_util',
  title: 'GPU time utilisation',
  kind: 'rule',
  needs: [{ anyOf: GPU_WORK }, { column: 'globalPid', of: GPU_WORK }],
  parameters: {
    threshold: { type: 'count', about: 'stretches in use less than this many per cent (50)' },
    chunks: { type: 'count', about: 'how many equal pieces the span is cut into (30)' },
    rows: { type: 'count', about: 'at most this many rows, the least used (−1: all)' },
  },
  columns: [
    ...integers('Row#'),
    ...tenths('In-Use (%)'),
    ...integers('Duration (ns)', 'Start (ns)', 'PID', 'Device ID', 'Context ID'),
  ],
  rows: (trace, { threshold = 50, chunks = 30, rows = -1 }) => {
    const time = sourceTimes(trace)
    const stretches = gpuLanes(trace).flatMap((lane) =>
      lowStretches(lane, chunks, threshold).map((stretch) => ({ ...stretch, lane })),
    )
    stretches.sort((a, b) => a.use - b.use || a.end - a.start - (b.end - b.start))
    return numbered(
      stretches.map(({ use, start, end, lane }) => [
        use,
        end - start,
        time(start),
        lane.pid,
        lane.device,
        lane.context,
      ]),
      rows,
    )
  },
})

interface Stretch {
  /** Per cent, to one decimal. Overlapping work adds, so it may exceed 100. */
  use: number
  start: number
  end: number
}

/** Runs of pieces below the threshold, their use weighted by length. */
function lowStretches(lane: GpuLane, chunks: number, threshold: number): Stretch[] {
  const first = lane.start[0]!
  const last = lane.end.reduce((a, b) => Math.max(a, b), -Infinity)
  const size = Math.ceil((last - first) / chunks)
  if (size === 0) return []
  const used = usedTime(lane, first, size, chunks)
  const result: Stretch[] = []
  let weighted = 0
  let previous = -2
  for (let i = 0; i < chunks; i++) {
    const start = first + i * size
    const end = Math.min(start + size, last)
    if (end <= start) break
    const use = (used[i]! / (end - start)) * 100
    if (!(use < threshold)) continue
    if (previous !== i - 1) {
      weighted = 0
      result.push({ use: 0, start, end })
    }
    previous = i
    weighted += (end - start) * use
    const stretch = result[result.length - 1]!
    stretch.end = end
    stretch.use = weighted / (end - stretch.start)
  }
  for (const stretch of result) stretch.use = roundToTenths(stretch.use)
  return result
}

/** Σ over ops of their time inside each piece. */
function usedTime(lane: GpuLane, first: number, size: number, chunks: number): Float64Array {
  const used = new Float64Array(chunks)
  for (let i = 0; i < lane.length; i++) {
    const start = lane.start[i]!
    const end = lane.end[i]!
    for (let piece = Math.floor((start - first) / size); piece < chunks; piece++) {
      const from = first + piece * size
      if (from >= end) break
      used[piece]! += Math.min(end, from + size) - Math.max(start, from)
    }
  }
  return used
}
