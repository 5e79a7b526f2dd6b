/** How far a run's outputs are from another's. */
import type { OutputPromise } from '../variants/variant.ts'
import type { Output } from './run-once.ts'

/** What `same` allows: the largest |candidate − reference| over max(1, largest |reference|). */
export const sameTolerance = 1e-5

export interface OutputError {
  readonly name: string
  /** Largest |candidate − reference|. NaN if a value of either is not a number, or if the shapes differ. */
  readonly maxAbsError: number
  /**
   * The same over max(1, largest |reference|): relative where the output is large, absolute where it is
   * small.
   */
  readonly scaledError: number
  /**
   * Root mean square of the difference over the reference's standard deviation. Against the spread, not the
   * size: a depth of 1 ± 0.01 that has lost its detail is 1 % off in size and 100 % off in what it says. 1 is
   * as bad as the mean.
   */
  readonly relativeError: number
}

/** Errors of the outputs that both have, in the reference's order. */
export function outputErrors(
  reference: ReadonlyMap<string, Output>,
  candidate: ReadonlyMap<string, Output>,
): OutputError[] {
  return [...reference].flatMap(([name, expected]) => {
    const actual = candidate.get(name)
    return actual ? [{ name, ...errorOf(expected, actual) }] : []
  })
}

export function errorOf(expected: Output, actual: Output): Omit<OutputError, 'name'> {
  if (expected.shape.join() !== actual.shape.join()) {
    return { maxAbsError: NaN, scaledError: NaN, relativeError: NaN }
  }
  const count = expected.values.length
  const mean = expected.values.reduce((sum, value) => sum + value, 0) / count
  let [largest, maxAbsError, squares, spread] = [0, 0, 0, 0]
  for (let index = 0; index < count; index++) {
    const value = expected.values[index]!
    const error = Math.abs(actual.values[index]! - value)
    // Math.max keeps NaN once it has met one.
    maxAbsError = Math.max(maxAbsError, error)
    largest = Math.max(largest, Math.abs(value))
    squares += error ** 2
    spread += (value - mean) ** 2
  }
  const relativeError = squares === 0 ? 0 : Math.sqrt(squares / spread)
  return { maxAbsError, scaledError: maxAbsError / Math.max(1, largest), relativeError }
}

/**
 * Whether every output's error is within what the variants promise: the scaled error for `same`, the relative
 * error for a tolerance. Nothing to compare is not a pass, unless the promise is that nothing can be.
 */
export function keepsPromise(promise: OutputPromise, errors: readonly OutputError[]): boolean {
  if (promise === 'same') return allWithin(errors, 'scaledError', sameTolerance)
  if ('incomparable' in promise) return true
  return allWithin(errors, 'relativeError', promise.tolerance)
}

const allWithin = (
  errors: readonly OutputError[],
  key: keyof Omit<OutputError, 'name'>,
  limit: number,
): boolean => errors.length > 0 && errors.every((error) => error[key] <= limit)
