/**
 * What each device op cost besides its own time: the idle time that it ended, and the host's time to launch it.
 */
import { NONE } from '../trace/column.ts'
import { derived } from './derived.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import { launchCosts } from './launch-cost.ts'
import { isIdle, OWNERS, ownerships } from './ownership.ts'

/** Idle ns that ended with each op (its device's gap before it); what lies before a device's first op is not counted. */
export const idleBeforeOps = derived((trace): Float64Array => {
  const idle = new Float64Array(trace.device_op.length)
  const beforeFirst = OWNERS.indexOf('idle/before-first')
  for (const { start, owner, op, end } of ownerships(trace))
    for (let i = 0; i < start.length; i++)
      if (isIdle(owner[i]!) && owner[i] !== beforeFirst && op[i] !== NONE)
        idle[op[i]!]! += (start[i + 1] ?? end) - start[i]!
  return idle
})

/** Of that, what went to input: gaps that a copy from the host ends, blocking copies, and waits in the operating system. */
export const inputIdleBeforeOps = derived((trace): Float64Array => {
  const idle = new Float64Array(trace.device_op.length)
  const beforeFirst = OWNERS.indexOf('idle/before-first')
  const inputs = new Set(['idle/blocking-copy', 'idle/os-wait'].map((owner) => OWNERS.indexOf(owner)))
  const fromHost = BUSY_CLASSES.indexOf('memcpy-h2d')
  const classes = classOfOps(trace)
  for (const { start, owner, op, end } of ownerships(trace))
    for (let i = 0; i < start.length; i++) {
      if (!isIdle(owner[i]!) || owner[i] === beforeFirst || op[i] === NONE) continue
      if (classes[op[i]!] === fromHost || inputs.has(owner[i]!))
        idle[op[i]!]! += (start[i + 1] ?? end) - start[i]!
    }
  return idle
})

/** Host time of the launch that each op is the first of, raw and corrected. */
export const launchNsOfOps = derived((trace): { raw: Float64Array; corrected: Float64Array } => {
  const costs = launchCosts(trace)
  const raw = new Float64Array(trace.device_op.length)
  const corrected = new Float64Array(trace.device_op.length)
  for (let i = 0; i < costs.firstOp.length; i++) {
    const op = costs.firstOp[i]!
    raw[op] = costs.raw[i]!
    corrected[op] = costs.corrected[i]!
  }
  return { raw, corrected }
})
