/**
 * In what precision a stretch of work multiplies matrices, by the names of its kernels: what peak it is held against. Where
 * several do, or a name does not tell, the fastest counts, so that nothing is called impossible too early.
 */
import type { Trace } from '../trace/trace.ts'
import { dtypeIn } from './attention-grids.ts'
import { BUSY_CLASSES, classOfOps, MATRIX_CLASSES } from './kernel-class.ts'
import { rateOf } from './peaks.ts'
import type { Peak } from './peaks.ts'

const MATRIX = new Set(MATRIX_CLASSES.map((name) => BUSY_CLASSES.indexOf(name)))

/** The precision that a kernel's name states: "tf32", or as `dtypeIn`. Tensor-core products of 16×8×8 without a type are tf32. */
export const matrixDtype = (name: string): string | undefined =>
  /tf32/i.test(name)
    ? 'tf32'
    : (dtypeIn(name) ?? (/s1688/.test(name) ? 'tf32' : /sgemm|_f32|f32_/.test(name) ? 'fp32' : undefined))

export interface Rate {
  /** FLOP/s. */
  rate: number
  dtype: string
}

/** The fastest rate that the kernels among these ops may reach; undefined for a device without a fitting peak. */
export function rateOfOps(trace: Trace, ops: Iterable<number>, peak: Peak): Rate | undefined {
  const { device_op, strings } = trace
  const classes = classOfOps(trace)
  const names = new Set<number>()
  for (const op of ops) if (MATRIX.has(classes[op]!)) names.add(device_op.name[op]!)
  const dtypes = new Set(Array.from(names, (name) => matrixDtype(strings[name]!)))
  if (dtypes.size === 0 || dtypes.has(undefined)) return fastest(peak, ['bf16', 'fp16'])
  return fastest(peak, dtypes as Set<string>)
}

function fastest(peak: Peak, dtypes: Iterable<string>): Rate | undefined {
  let best: Rate | undefined
  for (const dtype of dtypes) {
    const rate = rateOf(peak, dtype)
    if (rate !== undefined && (best === undefined || rate > best.rate)) best = { rate, dtype }
  }
  return best
}
