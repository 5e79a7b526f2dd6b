import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBrain, fromHalf, toHalf } from '../../../../profiler/model/weights/half.ts'

const value = (float: number) => fromHalf(toHalf(Float32Array.of(float)))[0]

describe('half floats', () => {
  it('survive the way to float and back, all 65,536 of them', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits)
    const values = fromHalf(halves)
    const back = toHalf(values)
    for (let bits = 0; bits < 65536; bits++) {
      if (Number.isNaN(values[bits])) expect(back[bits]! & 0x7fff).toBeGreaterThan(0x7c00)
      else if (back[bits] !== bits) throw new Error(`${bits} became ${back[bits]} by way of ${values[bits]}`)
    }
  })

  it('are the nearest there is, ties to even', () => {
    expect(value(1 + 2 ** -11)).toBe(1)
    expect(value(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9)
    expect(value(65519)).toBe(65504)
    expect(value(65520)).toBe(Infinity)
    expect(value(-(2 ** -25))).toBe(-0)
    expect(value(1.5 * 2 ** -24)).toBe(2 ** -23)
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (float) => {
        const half = value(float)!
        const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(float) || 1)) - 10))
        expect(Math.abs(half - float)).toBeLessThanOrEqual(step / 2)
      }),
    )
  })

  it('of the brain kind are the upper half of a float', () => {
    expect([...fromBrain(Uint16Array.of(0x3f80, 0xc000, 0x7f80))]).toEqual([1, -2, Infinity])
  })
})
