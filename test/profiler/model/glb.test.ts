import { NodeIO, Primitive } from '@gltf-transform/core'
import { describe, expect, it } from 'vitest'
import { pointCloudGlb } from '../../../profiler/model/glb.ts'

/** Two frames of 1×2 pixels. */
const cloud = {
  worldPoints: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, Number.NaN, 0, 0]),
  confidence: Float32Array.from([1, 3, 2, 9]),
  // Per frame: reds, greens, blues.
  images: Float32Array.from([0, 0.2, 0, 0.4, 0, 0.6, 1, 0, 1, 0, 2, 0]),
  frames: 2,
  height: 1,
  width: 2,
}

describe('a point cloud', () => {
  it('keeps the surest points, turned into glTF axes, with their pixels as colours', async () => {
    const { glb, points, notFinite } = await pointCloudGlb(cloud, { share: 0.5 })
    expect({ points, notFinite }).toEqual({ points: 2, notFinite: 1 })
    const document = await new NodeIO().readBinary(glb)
    const primitive = document.getRoot().listMeshes()[0]!.listPrimitives()[0]!
    expect(primitive.getMode()).toBe(Primitive.Mode.POINTS)
    expect([...primitive.getAttribute('POSITION')!.getArray()!]).toEqual([4, -5, -6, 7, -8, -9])
    expect([...primitive.getAttribute('COLOR_0')!.getArray()!]).toEqual([
      51, 102, 153, 255, 255, 255, 255, 255,
    ])
  })
})
