/**
 * Which device ops a question about a window is asked of, each op whole: those that an iteration or a phase launched, those
 * that begin in a window.
 */
import type { Trace } from '../trace/trace.ts'
import { instanceSets, setsWith } from './instance-sets.ts'
import { iterationAt } from './iterations.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { rowsWhere } from './rows.ts'
import { checkOne, phaseAt } from './windows.ts'
import type { WindowChoice } from './windows.ts'

/** Rows of device_op, ascending; undefined for all of them. Throws UserError('bad-request') for a choice that names nothing. */
export function opsInWindow(trace: Trace, choice: WindowChoice): Uint32Array | undefined {
  checkOne(choice)
  const { length, start } = trace.device_op
  if (choice.iteration !== undefined) {
    const isInside = setsWith(trace, iterationAt(trace, choice.iteration).range)
    const { of } = instanceSets(trace)
    return rowsWhere(length, (op) => isInside[of[op]!] === 1)
  }
  if (choice.phase !== undefined) {
    const found = phaseAt(trace, choice.phase)
    const { paths } = phaseTree(found.trace)
    const isInside = paths.map((path) => `${path}/`.startsWith(`${paths[found.phase]}/`))
    const phases = phaseOfOps(found.trace)
    return rowsWhere(length, (op) => isInside[phases[op]!]!)
  }
  const { from, to } = choice
  if (from === undefined && to === undefined) return undefined
  return rowsWhere(length, (op) => start[op]! >= (from ?? -Infinity) && start[op]! < (to ?? Infinity))
}
