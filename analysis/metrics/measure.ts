/**
 * A quantity, measured in every warm iteration of a capture (in the whole capture where nothing repeats).
 */
import { NONE } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import { isRecorded } from '../../trace/trace.ts'
import type { Trace } from '../../trace/trace.ts'
import { busyOf } from '../busy.ts'
import { derived } from '../derived.ts'
import type { Side } from '../diff/side.ts'
import { launchCosts } from '../launch-cost.ts'
import { memory } from '../memory.ts'
import { phasesCalled, phaseTree } from '../phase-tree.ts'
import { opsOfRange } from '../projection.ts'
import type { PhaseTime, Quantity } from './quantity.ts'

/** A number, or why there is none. */
export type Measured = { value: number } | { missing: string }

/** One iteration's value. */
export function measure(side: Side, quantity: Quantity): Measured {
  const { trace } = side
  switch (quantity.name) {
    case 'latency':
      return side.ops.length === 0 ? { missing: 'device work' } : { value: side.wall }
    case 'idle':
      return { value: idleOf(side) }
    case 'busy':
      return { value: side.wall - idleOf(side) }
    case 'gpu.utilisation':
      return side.wall === 0
        ? { missing: 'device work' }
        : { value: (100 * (side.wall - idleOf(side))) / side.wall }
    case 'kernels.count':
      return { value: side.ops.reduce((sum, op) => sum + (isKernel(trace, op) ? 1 : 0), 0) }
    case 'launch.count':
    case 'launch.cost':
    case 'launch.raw':
      return launches(side, quantity.name)
    case 'memory.peak':
      return memoryPeak(trace)
    case 'phase':
      return phaseTime(side, quantity.phase, quantity.time)
  }
}

const idleOf = (side: Side): number => side.idle.reduce((sum, { ns }) => sum + ns, 0)

const isKernel = ({ device_op: ops }: Trace, op: number): boolean =>
  ops.kind[op] === DeviceOpKind.kernel || ops.kind[op] === DeviceOpKind.node

const costByCall = derived((trace) => {
  const costs = launchCosts(trace)
  return { costs, at: new Map(Array.from(costs.call, (call, i) => [call, i])) }
})

function launches(side: Side, name: 'launch.count' | 'launch.cost' | 'launch.raw'): Measured {
  const { trace } = side
  if (!isRecorded(trace, 'api_call') && trace.api_call.length === 0)
    return { missing: 'launch calls (capture with CUDA API tracing)' }
  const { costs, at } = costByCall(trace)
  const calls = new Set<number>()
  for (const op of side.ops) {
    const i = at.get(trace.device_op.launch?.[op] ?? NONE)
    if (i !== undefined) calls.add(i)
  }
  if (name === 'launch.count') return { value: calls.size }
  if (name === 'launch.cost' && trace.overhead.length === 0)
    return { missing: 'overhead rows, without which back-pressure cannot be told from cost' }
  const of = name === 'launch.cost' ? costs.corrected : costs.raw
  return { value: [...calls].reduce((sum, i) => sum + of[i]!, 0) }
}

function memoryPeak(trace: Trace): Measured {
  const { series } = memory.compute(trace, {})
  const peak = series
    .filter((one) => one.device !== null)
    .reduce((most, one) => Math.max(most, one.peakBytes), -1)
  return peak < 0 ? { missing: 'memory events (capture with memory tracking)' } : { value: peak }
}

function phaseTime(side: Side, name: string, time: PhaseTime): Measured {
  const { trace } = side
  const { range, device_op: ops } = trace
  const tree = phaseTree(trace)
  const wanted = new Set(phasesCalled(trace, name))
  const within = side.iteration
  const rows = new Set<number>()
  let cpu = 0
  let span = 0
  for (let row = 0; row < range.length; row++) {
    if (tree.isInstance[row] === 0 || !wanted.has(tree.phaseOfRange[row]!)) continue
    if (within !== undefined && !isInside(trace, row, within.range)) continue
    cpu += range.duration[row]!
    let end = -Infinity
    let start = Infinity
    for (const op of opsOfRange(trace, row)) {
      if (ops.device[op] !== side.device) continue
      rows.add(op)
      start = Math.min(start, ops.start[op]!)
      end = Math.max(end, ops.start[op]! + ops.duration[op]!)
    }
    if (end > start) span += end - start
  }
  if (time === 'cpu') return { value: cpu }
  if (time === 'span') return { value: span }
  const sorted = Uint32Array.from(rows).sort()
  if (time === 'busy') return { value: busyOf(ops, sorted) }
  return { value: sorted.reduce((sum, op) => sum + ops.duration[op]!, 0) }
}

/** Whether a range begins inside another one, on its thread (or is that range). */
export function isInside({ range }: Trace, row: number, outer: number): boolean {
  const from = range.start[outer]!
  return (
    row === outer ||
    (range.thread[row] === range.thread[outer] &&
      range.start[row]! >= from &&
      range.start[row]! < from + range.duration[outer]!)
  )
}

/** A quantity by capture, each warm iteration's in time order; or what is missing. */
export function sampleOf(
  captures: readonly (readonly Side[])[],
  quantity: Quantity,
): { values: number[][] } | { missing: string } {
  const values: number[][] = []
  for (const sides of captures) {
    const mine: number[] = []
    for (const side of sides) {
      const one = measure(side, quantity)
      if ('missing' in one) return one
      mine.push(one.value)
    }
    values.push(mine)
  }
  return { values }
}
