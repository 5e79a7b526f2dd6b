/** Kernels with the ranges around their launches, as nsys joins them: kernel × call × range. */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { enclosing } from './enclosing-ranges.ts'
import { callChains } from './launch-pairs.ts'
import { kernelRows, processOfOp } from './work-rows.ts'

export interface LaunchedKernels {
  readonly length: number
  readonly op: Uint32Array
  readonly thread: Uint32Array
  readonly range: Uint32Array
}

/** Each kernel with each call it joins and each range around that call; NONE where there is no range, or no call. */
export function kernelsInRanges(trace: Trace): LaunchedKernels {
  const { device_op: ops, api_call: api } = trace
  const chains = callChains(trace)
  const { first, ranges } = enclosing(trace)
  const kernels = kernelRows(trace)
  const firstCall = new Uint32Array(kernels.length)
  let length = 0
  for (let i = 0; i < kernels.length; i++) {
    const row = kernels[i]!
    const one = chains.first(processOfOp(trace, row), ops.correlation?.[row] ?? NONE)
    firstCall[i] = one
    if (one === NONE) length++
    for (let call = one; call !== NONE; call = chains.next[call]!)
      length += Math.max(1, first[call + 1]! - first[call]!)
  }
  const op = new Uint32Array(length)
  const thread = new Uint32Array(length).fill(NONE)
  const range = new Uint32Array(length).fill(NONE)
  let n = 0
  for (let i = 0; i < kernels.length; i++) {
    if (firstCall[i] === NONE) op[n++] = kernels[i]!
    for (let call = firstCall[i]!; call !== NONE; call = chains.next[call]!) {
      const isOutside = first[call] === first[call + 1]
      const last = isOutside ? first[call]! + 1 : first[call + 1]!
      for (let k = first[call]!; k < last; k++, n++) {
        op[n] = kernels[i]!
        thread[n] = api.thread[call]!
        if (!isOutside) range[n] = ranges[k]!
      }
    }
  }
  return { length, op, thread, range }
}
