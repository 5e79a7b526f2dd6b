import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resizePositions, resizeWeights } from '../../../../profiler/model/parts/position-resize.ts'

/** Keys' kernel, for distances below 2. */
const kernel = (t: number) =>
  t < 1 ? 1.5 * t ** 3 - 2.5 * t ** 2 + 1 : -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2

describe('resizing positions', () => {
  it('leaves a grid of the same size alone', () => {
    const grid = Float32Array.from({ length: 5 * 5 * 2 }, (_, index) => Math.sin(index))
    expect([...resizePositions(grid, 5, 5, 5, 2)]).toEqual([...grid])
  })

  it('keeps a constant grid constant, at any size', () => {
    const side = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(side, side, side, (from, rows, columns) => {
        const resized = resizePositions(new Float32Array(from * from).fill(3), from, rows, columns, 1)
        expect(resized).toHaveLength(rows * columns)
        for (const value of resized) expect(value).toBeCloseTo(3, 5)
      }),
      { numRuns: 40 },
    )
  })

  it('weighs as the kernel with a = −0.5 does: 4 → 8 puts the second place a quarter before the first stored one', () => {
    // Place 1 of 8 is at 0.25 of stored places; the kernel at −0.25, 0.75, 1.75 and (cut off) −1.25.
    const raw = [0.25, 0.75, 1.75].map(kernel)
    const sum = raw.reduce((total, value) => total + value, 0)
    const { first, weights } = resizeWeights(4, 8)[1]!
    expect(first).toBe(0)
    expect(weights).toHaveLength(3)
    weights.forEach((weight, index) => expect(weight).toBeCloseTo(raw[index]! / sum, 12))
  })

  it('takes in more places when it shrinks', () => {
    // Half the kernel is 2·37/25 = 2.96 places: around 18.5 those with centres 16.5 to 20.5.
    expect(resizeWeights(37, 25)[12]).toMatchObject({ first: 16, weights: { length: 5 } })
    // At its own size a place is itself and three that weigh nothing.
    expect(resizeWeights(37, 37)[12]!.weights.map((weight) => Math.round(weight * 1e9))).toContain(1e9)
  })
})
