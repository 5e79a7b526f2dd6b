/**
 * How often a phase ran, for one device: of a job of two processes with a GPU each, the calls of the process that worked it.
 *
 *   process 1   [A][A][A]  → GPU 0        calls of A for GPU 0: 3, as its device ops are those of 3
 *   process 2   [A][A][A]  → GPU 1
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import type { Side } from '../diff/side.ts'
import { phasesCalled, phaseTree } from '../phase-tree.ts'
import { opsOfRange } from '../projection.ts'
import { isInside } from './measure.ts'

/**
 * Instances of a phase in the side's iteration that ran for its device: those with an op on it, and, in a process that works
 * it, those without any op.
 */
export function callsOf({ trace, iteration, device }: Side, name: string): number {
  const { range, thread } = trace
  const tree = phaseTree(trace)
  const wanted = new Set(phasesCalled(trace, name))
  const devices = devicesOfProcess(trace)
  // Where no op tells whose it is, nothing can be told apart.
  const isTold = devices.some((mine) => mine.has(device))
  let calls = 0
  for (let row = 0; row < range.length; row++) {
    if (tree.isInstance[row] === 0 || !wanted.has(tree.phaseOfRange[row]!)) continue
    if (iteration !== undefined && !isInside(trace, row, iteration.range)) continue
    const mine = devices[thread.process[range.thread[row]!]!]
    if (isTold && mine?.has(device) !== true) continue
    if (isTold && mine!.size > 1 && !ranFor(trace, row, device)) continue
    calls++
  }
  return calls
}

function ranFor(trace: Trace, row: number, device: number): boolean {
  const ops = opsOfRange(trace, row)
  return ops.length === 0 || ops.some((op) => trace.device_op.device[op] === device)
}

/** The devices that each process worked, by its launches (by the ranges of a runtime's nodes, which have none). */
const devicesOfProcess = derived((trace): readonly Set<number>[] => {
  const { device_op: ops, api_call: api, range, thread, process } = trace
  const found = Array.from({ length: process.length }, () => new Set<number>())
  for (let op = 0; op < ops.length; op++) {
    const call = ops.launch?.[op] ?? NONE
    const around = ops.range?.[op] ?? NONE
    const from = call !== NONE ? api.thread[call] : around !== NONE ? range.thread[around] : undefined
    if (from !== undefined) found[thread.process[from]!]?.add(ops.device[op]!)
  }
  return found
})
