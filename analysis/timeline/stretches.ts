/** Stretches worth jumping to: iterations, and the instances of each phase, as the device ran them. */
import { NONE } from '../../trace/column.ts'
import type { Stretches } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { iterationsOf } from '../iterations.ts'
import { phaseTree } from '../phase-tree.ts'
import { projectedRanges } from './kinds/phase.ts'

/** Phases, and instances of each, that are named. */
const PHASES = 200
const INSTANCES = 200

export const stretchesOf = derived((trace: Trace): Stretches => {
  const { name, all, warmUp, representative } = iterationsOf(trace)
  return {
    iterationName: name ?? null,
    iterations: all.map((one) => {
      const starts = one.spans.map(({ start }) => start)
      const ends = one.spans.map(({ end }) => end)
      return {
        index: one.index,
        startNs: starts.length > 0 ? Math.min(...starts) : one.cpuStart,
        endNs: ends.length > 0 ? Math.max(...ends) : one.cpuStart + one.cpuDuration,
        isWarmUp: one.index === 0 && warmUp.length > 0,
        isRepresentative: one.index === representative,
      }
    }),
    phases: phasesOf(trace),
  }
})

function phasesOf(trace: Trace): Stretches['phases'] {
  const { paths, phaseOfRange, isInstance } = phaseTree(trace)
  const { from, to } = extents(trace)
  const found = new Map<number, { path: string; count: number; instances: [number, number][] }>()
  for (let row = 0; row < trace.range.length; row++) {
    if (isInstance[row] === 0) continue
    const phase = phaseOfRange[row]!
    let entry = found.get(phase)
    if (entry === undefined) {
      if (found.size >= PHASES) continue
      found.set(phase, (entry = { path: paths[phase]!, count: 0, instances: [] }))
    }
    entry.count++
    if (entry.instances.length < INSTANCES) entry.instances.push([from[row]!, to[row]!])
  }
  return [...found.values()]
}

/** First start to last end of each range's work on any device; the range's own where it has none. */
function extents(trace: Trace): { from: Float64Array; to: Float64Array } {
  const { start, duration, length } = trace.range
  const from = new Float64Array(length).fill(NaN)
  const to = new Float64Array(length).fill(NaN)
  for (let device = 0; device < trace.device.length; device++) {
    const projected = projectedRanges(trace)[device]!
    for (let entry = 0; entry < projected.columns.start.length; entry++) {
      const row = projected.columns.row![entry]!
      if (row === NONE) continue
      const low = projected.columns.start[entry]!
      const high = low + projected.columns.duration[entry]!
      from[row] = Number.isNaN(from[row]!) ? low : Math.min(from[row]!, low)
      to[row] = Number.isNaN(to[row]!) ? high : Math.max(to[row]!, high)
    }
  }
  for (let row = 0; row < length; row++)
    if (Number.isNaN(from[row]!)) {
      from[row] = start[row]!
      to[row] = start[row]! + duration[row]!
    }
  return { from, to }
}
