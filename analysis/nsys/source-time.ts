/**
 * Times as they stand in the file. A Trace subtracts an origin from epoch-sized times (1.8e18 ns, beyond what a double
 * holds); here it is added back, in whole numbers.
 */
import type { Trace } from '../../trace/trace.ts'
import type { Cell } from './report.ts'

/** From the trace's axis to the file's: a number, or a bigint where an origin was subtracted. NaN is absent. */
export function sourceTimes(trace: Trace): (time: number) => Cell {
  const origin = BigInt(trace.meta.originNs)
  if (origin === 0n) return (time) => (Number.isNaN(time) ? null : time)
  return (time) => (Number.isNaN(time) ? null : BigInt(time) + origin)
}

/** The file's time zero on the trace's axis. */
export const sourceZero = (trace: Trace): number => -Number(BigInt(trace.meta.originNs))
