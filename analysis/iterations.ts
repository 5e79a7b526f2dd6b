/**
 * Iterations: the repetitions of a top range, their device spans, and which of them were warm.
 *
 *   cpu   |== VGGT ==||== VGGT ==||== VGGT ==|
 *   gpu      |----- 0 -----|----- 1 -----|----- 2 -----|      wall = device span, not the CPU range
 */
import { NONE } from '../trace/column.ts'
import { UserError } from '../trace/errors.ts'
import { formatShare } from '../trace/number-format.ts'
import type { Trace } from '../trace/trace.ts'
import { ns } from '../trace/units.ts'
import type { Ns } from '../trace/units.ts'
import { derived } from './derived.ts'
import { busiest } from './device-work.ts'
import { deviceSpans } from './instance-spans.ts'
import type { DeviceSpan } from './instance-spans.ts'
import { phaseTree, rangeName } from './phase-tree.ts'
import { setSums, sumsOfInstances } from './set-sums.ts'
import { warmUpReasons } from './warm-up.ts'

export interface Iteration {
  index: number
  range: number
  cpuStart: Ns
  cpuDuration: Ns
  /** Device span on each device that worked for it. */
  spans: readonly DeviceSpan[]
  /** Span on the busiest device of the run; the CPU range where no device worked. */
  wall: Ns
}

export interface Iterations {
  /** The repeated range; undefined when nothing repeats. */
  name: string | undefined
  /** Why there are none. */
  why?: string
  all: readonly Iteration[]
  /** Why the first is warm-up; empty when it is not. */
  warmUp: readonly string[]
  /** Index of the one with the (lower) median wall among the warm ones; undefined without iterations. */
  representative: number | undefined
}

export const warmOf = (iterations: Iterations): readonly Iteration[] =>
  iterations.warmUp.length > 0 ? iterations.all.slice(1) : iterations.all

export const iterationsOf = derived((trace): Iterations => {
  const ranges = repeatedRange(trace)
  if (typeof ranges === 'string')
    return { name: undefined, why: ranges, all: [], warmUp: [], representative: undefined }
  const device = busiest(trace)
  const spans = deviceSpans(trace, ranges)
  const all = ranges.map((range, index): Iteration => {
    const cpuStart = ns(trace.range.start[range]!)
    const cpuDuration = ns(trace.range.duration[range]!)
    const main = spans[index]!.find((span) => span.device === device)
    const wall = main === undefined ? cpuDuration : ns(main.end - main.start)
    return { index, range, cpuStart, cpuDuration, spans: spans[index]!, wall }
  })
  const warmUp = warmUpReasons(trace, all)
  const iterations = { name: rangeName(trace, ranges[0]!), all, warmUp, representative: 0 }
  return { ...iterations, representative: lowerMedian(warmOf(iterations)) }
})

/** An iteration by its number. Throws UserError('bad-request') that says which there are. */
export function iterationAt(trace: Trace, index: number): Iteration {
  const { all, why } = iterationsOf(trace)
  const found = all[index]
  if (found === undefined)
    throw new UserError(
      'bad-request',
      all.length === 0
        ? `this run has no iterations: ${why}`
        : `no iteration ${index}; this run has 0 to ${all.length - 1}`,
    )
  return found
}

/** The earliest iteration with the lower median wall. */
function lowerMedian(iterations: readonly Iteration[]): number | undefined {
  const sorted = [...iterations].sort((a, b) => a.wall - b.wall || a.index - b.index)
  const wall = sorted[Math.floor((sorted.length - 1) / 2)]?.wall
  return sorted.find((one) => one.wall === wall)?.index
}

/**
 * Instances of the range name that repeats at the top of a thread and covers most launches. Where one range alone stands
 * at the top and covers them (a "main"), its children are looked at instead. Where there are none, why.
 */
function repeatedRange(trace: Trace): number[] | string {
  const { isInstance } = phaseTree(trace)
  const parents = phaseParents(trace, isInstance)
  const total = trace.device_op.length
  const ops = sumsOfInstances(trace, setSums(trace).ops)
  let candidates: number[] = []
  for (let row = 0; row < trace.range.length; row++)
    if (isInstance[row] === 1 && parents[row] === NONE) candidates.push(row)
  if (candidates.length === 0) return 'the capture holds no range that names a phase'
  let place = 'at the top of a thread'
  for (let level = 0; level < 16 && candidates.length > 0; level++) {
    const groups = new Map<string, number[]>()
    for (const row of candidates) {
      const key = `${trace.range.thread[row]}/${rangeName(trace, row)}`
      const known = groups.get(key)
      if (known === undefined) groups.set(key, [row])
      else known.push(row)
    }
    let best: number[] | undefined
    let bestCount = 0
    for (const rows of groups.values()) {
      const covered = rows.reduce((sum, row) => sum + ops[row]!, 0)
      if (covered > bestCount) {
        best = rows
        bestCount = covered
      }
    }
    if (best === undefined) return `no range ${place} launched device work`
    const called = `"${rangeName(trace, best[0]!)}"`
    if (2 * bestCount <= total)
      return `no range ${place} launched most of the device work; ${called} launched ${formatShare(bestCount, total)} of the ops`
    if (best.length > 1) return best
    const only = best[0]!
    place = `inside ${called}`
    candidates = []
    for (let row = 0; row < trace.range.length; row++)
      if (isInstance[row] === 1 && parents[row] === only) candidates.push(row)
  }
  return `no range repeats ${place}`
}

/** The innermost instance around each range. A range comes before those inside it, so one look up the tree is enough. */
function phaseParents({ range }: Trace, isInstance: Uint8Array): Uint32Array {
  const parents = new Uint32Array(range.length).fill(NONE)
  for (let row = 0; row < range.length; row++) {
    const parent = range.parent?.[row] ?? NONE
    if (parent !== NONE) parents[row] = isInstance[parent] === 1 ? parent : parents[parent]!
  }
  return parents
}
