/**
 * Launch and execution of each kernel: nsys' API, queue, kernel and total times.
 *
 *   API start          API end          kernel start      kernel end
 *      |------ API ------|------ queue -----|---- kernel ----|
 *      |----------------------- total -----------------------|     to the later of API end and kernel end
 *
 * A kernel that starts before its call returns has no queue time; one that starts with its end has 0, which counts. Every
 * node of a graph launch is a row with the same API time: docs/nsys-parity.md says what we show instead.
 */
import { derived } from '../derived.ts'
import { launchPairs } from './launch-pairs.ts'
import { KERNEL, RUNTIME } from './needs.ts'
import { kernelRows } from './work-rows.ts'

/** What both reports of executions need. */
export const EXECUTION_NEEDS = [
  { table: 'StringIds' },
  { table: KERNEL },
  { table: RUNTIME },
  { column: 'globalPid', of: [KERNEL] },
] as const

/** Pairs of kernel and call with their four times; queue is NaN where there is none. */
export const executions = derived((trace) => {
  const pairs = launchPairs(trace, kernelRows(trace))
  const { device_op: ops, api_call: api } = trace
  const queue = new Float64Array(pairs.length)
  const total = new Float64Array(pairs.length)
  for (let i = 0; i < pairs.length; i++) {
    const op = pairs.op[i]!
    const call = pairs.call[i]!
    const apiEnd = api.start[call]! + api.duration[call]!
    const waited = ops.start[op]! - apiEnd
    queue[i] = waited >= 0 ? waited : NaN
    total[i] = Math.max(apiEnd, ops.start[op]! + ops.duration[op]!) - api.start[call]!
  }
  return { ...pairs, queue, total }
})
