import { describe, expect, it } from 'vitest'
import { fnv1a32, randomTensor } from '../../../../profiler/model/weights/random.ts'

const request = { name: 'a.weight', shape: [100, 400], kind: { kind: 'linear', fanIn: 400 } } as const

describe('random weights', () => {
  it('follow from seed and name alone', () => {
    expect(randomTensor(1, request)).toEqual(randomTensor(1, request))
    expect(randomTensor(2, request)).not.toEqual(randomTensor(1, request))
    expect(randomTensor(1, { ...request, name: 'b.weight' })).not.toEqual(randomTensor(1, request))
  })

  it('are the documented function: an integer hash per value', () => {
    // Worked out in Python with exact integers from the formula in `random.ts`, not by this program.
    expect(fnv1a32('a.weight')).toBe(3344269742)
    expect([...randomTensor(1, { ...request, shape: [3] })]).toEqual([
      0.0019239071989431977, 0.07487128674983978, 0.05608035996556282,
    ])
  })

  it('have the standard deviation that keeps a unit variance', () => {
    const values = randomTensor(1, request)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    expect(mean).toBeCloseTo(0, 3)
    expect(deviation).toBeCloseTo(1 / 20, 3)
  })
})
