/**
 * What must be known of a column's values to choose how they are written: one pass, in loops that each see few kinds of
 * array (a loop that sees all of them runs several times slower in V8).
 */
import type { ColumnArray } from '../trace/column.ts'

export interface ColumnFacts {
  /** Of the rows that hold a value. */
  min: number
  max: number
  /** Smallest and largest difference of neighbouring rows that hold a value. */
  minStep: number
  maxStep: number
  /** Rows that hold the type's sentinel. */
  absent: number
  /** All values are whole numbers that doubles hold exactly, and none is −0. */
  isWhole: boolean
}

const ODD: ColumnFacts = { min: 0, max: 1, minStep: 0, maxStep: 0, absent: 0, isWhole: false }

/** `sentinel` is undefined for a column without absent rows; NaN for doubles that have them. */
export function factsOf(
  values: Exclude<ColumnArray, BigInt64Array>,
  sentinel: number | undefined,
): ColumnFacts {
  if (values instanceof Float64Array) return factsOfDoubles(values, sentinel !== undefined)
  const facts =
    values instanceof Uint32Array
      ? factsOfWords(values, sentinel ?? -1)
      : factsOfSmall(values, sentinel ?? Infinity)
  return facts.absent === values.length ? { ...facts, isWhole: false } : facts
}

function factsOfDoubles(values: Float64Array, mayBeAbsent: boolean): ColumnFacts {
  let [min, max, minStep, maxStep] = [Infinity, -Infinity, Infinity, -Infinity]
  let absent = 0
  let isWhole = true
  let previous = NaN
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== value && mayBeAbsent) {
      absent++
      continue
    }
    // -0 would come back as 0; NaN and fractions do not survive a subtraction and back.
    if (!Number.isSafeInteger(value) || (value === 0 && 1 / value < 0)) {
      if (!mayBeAbsent) return ODD
      isWhole = false
      continue
    }
    if (value < min) min = value
    if (value > max) max = value
    const step = value - previous
    if (step < minStep) minStep = step
    if (step > maxStep) maxStep = step
    previous = value
  }
  return { min, max, minStep, maxStep, absent, isWhole: isWhole && min !== Infinity }
}

function factsOfWords(values: Uint32Array, sentinel: number): ColumnFacts {
  let [min, max, minStep, maxStep] = [Infinity, -Infinity, Infinity, -Infinity]
  let absent = 0
  let previous = NaN
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === sentinel) {
      absent++
      continue
    }
    if (value < min) min = value
    if (value > max) max = value
    const step = value - previous
    if (step < minStep) minStep = step
    if (step > maxStep) maxStep = step
    previous = value
  }
  return { min, max, minStep, maxStep, absent, isWhole: true }
}

/** Steps of small integers are never smaller than the integers: they are not looked at. */
function factsOfSmall(
  values: Uint8Array | Uint16Array | Int32Array | Uint32Array,
  sentinel: number,
): ColumnFacts {
  let [min, max] = [Infinity, -Infinity]
  let absent = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value === sentinel) absent++
    else {
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  return { min, max, minStep: -Infinity, maxStep: Infinity, absent, isWhole: true }
}
