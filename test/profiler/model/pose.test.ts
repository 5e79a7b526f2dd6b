import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePose, decodePoses } from '../../../profiler/model/pose.ts'

describe('a decoded pose', () => {
  it('has no rotation for the unit quaternion, and focal lengths from the fields of view', () => {
    const { extrinsic, intrinsic } = decodePose([1, 2, 3, 0, 0, 0, 1, Math.PI / 2, Math.PI / 3], 56, 70)
    expect(extrinsic).toEqual({ rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translation: [1, 2, 3] })
    expect(intrinsic.fy).toBeCloseTo(28, 12)
    // tan 30° = 1/√3.
    expect(intrinsic.fx).toBeCloseTo(35 * Math.sqrt(3), 12)
    expect([intrinsic.cx, intrinsic.cy]).toEqual([35, 28])
  })

  it('turns x into y for a quarter turn around z, scalar last', () => {
    const half = Math.SQRT1_2
    const { rotation } = decodePose([0, 0, 0, 0, 0, half, half, 1, 1], 1, 1).extrinsic
    const image = [rotation[0]!, rotation[3]!, rotation[6]!]
    expect(image.map((value) => Math.round(value * 1e12) / 1e12)).toEqual([0, 1, 0])
  })

  it('is a rotation for a quaternion of any length', () => {
    const part = fc.double({ min: -10, max: 10, noNaN: true })
    fc.assert(
      fc.property(part, part, part, part, (x, y, z, w) => {
        fc.pre(Math.hypot(x, y, z, w) > 1e-3)
        const { rotation: r } = decodePose([0, 0, 0, x, y, z, w, 1, 1], 1, 1).extrinsic
        const dot = (a: number, b: number) => r[a]! * r[b]! + r[a + 1]! * r[b + 1]! + r[a + 2]! * r[b + 2]!
        for (const [a, b, expected] of [
          [0, 0, 1],
          [3, 3, 1],
          [6, 6, 1],
          [0, 3, 0],
          [0, 6, 0],
          [3, 6, 0],
        ] as const) {
          expect(dot(a, b)).toBeCloseTo(expected, 9)
        }
      }),
    )
  })

  it('is read frame by frame', () => {
    const poses = decodePoses(
      Float32Array.from({ length: 18 }, (_, index) => index + 1),
      10,
      10,
    )
    expect(poses.map(({ extrinsic }) => extrinsic.translation)).toEqual([
      [1, 2, 3],
      [10, 11, 12],
    ])
  })
})
