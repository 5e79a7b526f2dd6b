import { describe, expect, it } from 'vitest'
import { errorOf, keepsPromise, outputErrors } from '../../../profiler/model/output-error.ts'

const output = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })

describe('the error of an output', () => {
  it('is the largest difference, and the same against size and spread', () => {
    // Differences 0, 0, 4; largest reference 8; reference − mean = −4, 0, 4, so √(16 / 32).
    expect(errorOf(output(0, 4, 8), output(0, 4, 4))).toEqual({
      maxAbsError: 4,
      scaledError: 0.5,
      relativeError: Math.SQRT1_2,
    })
  })

  it('is absolute where the output is small', () => {
    expect(errorOf(output(0.25, 0.5), output(0.25, 0.25)).scaledError).toBe(0.25)
  })

  it('is not a number where a value is none, or the shapes differ, and passes no check then', () => {
    for (const actual of [output(0, Number.NaN), output(0)]) {
      const error = { name: 'x', ...errorOf(output(0, 1), actual) }
      expect(error.maxAbsError).toBeNaN()
      expect(keepsPromise('same', [error])).toBe(false)
      expect(keepsPromise({ tolerance: 1e9, why: '' }, [error])).toBe(false)
    }
  })

  it('is infinite where a constant is missed', () => {
    expect(errorOf(output(1, 1), output(1, 2)).relativeError).toBe(Infinity)
    expect(errorOf(output(1, 1), output(1, 1)).relativeError).toBe(0)
  })

  it('is told for outputs that both have; none at all is no pass', () => {
    const errors = outputErrors(
      new Map([
        ['a', output(1)],
        ['b', output(1)],
      ]),
      new Map([['b', output(1)]]),
    )
    expect(errors.map(({ name }) => name)).toEqual(['b'])
    expect(keepsPromise('same', [])).toBe(false)
  })
})
