/** How far a run's outputs are from another's. */
import type { OutputPromise } from '../variants/variant.ts'
import type { Output } from './run-once.ts'

/** What `same` allows. */
export const sameTolerance = 1e-5

export interface OutputError {
  readonly name: string
  /** Largest |candidate − reference|; NaN if any value of either is not a number, or the shapes differ. */
  readonly maxAbsError: number
  /** The same over max(1, largest |reference|): relative where the output is large, absolute where it is small. */
  readonly scaledError: number
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
  if (expected.shape.join() !== actual.shape.join()) return { maxAbsError: NaN, scaledError: NaN }
  let largest = 0
  let maxAbsError = 0
  for (let index = 0; index < expected.values.length; index++) {
    const value = expected.values[index]!
    // Equal infinities have no difference that is a number, and no error either.
    const error = value === actual.values[index] ? 0 : Math.abs(actual.values[index]! - value)
    // Math.max keeps NaN once it has met one.
    maxAbsError = Math.max(maxAbsError, error)
    largest = Math.max(largest, Math.abs(value))
  }
  return { maxAbsError, scaledError: maxAbsError / Math.max(1, largest) }
}

/** Whether every error is within what the variants promise. Nothing to compare is not a pass. */
export function keepsPromise(promise: OutputPromise, errors: readonly OutputError[]): boolean {
  if (typeof promise === 'object' && 'incomparable' in promise) return true
  const tolerance = promise === 'same' ? sameTolerance : promise.tolerance
  return errors.length > 0 && errors.every(({ scaledError }) => scaledError <= tolerance)
}
