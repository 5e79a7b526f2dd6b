/** World points with confidence → a GLB point cloud, coloured by the images. */
import { Document, NodeIO, Primitive } from '@gltf-transform/core'

export interface PointCloud {
  /** `[1, S, H, W, 3]`, in the first camera's frame: x right, y down, z forward. */
  readonly worldPoints: Float32Array
  /** `[1, S, H, W]`; 1 and up, more is surer. */
  readonly confidence: Float32Array
  /** `[1, S, 3, H, W]`, RGB in 0…1. */
  readonly images: Float32Array
  readonly frames: number
  readonly height: number
  readonly width: number
}

export interface GlbOptions {
  /** Share of the points to keep, those of highest confidence. Default 0.5. */
  readonly share?: number
}

/**
 * Binary glTF with one `POINTS` primitive: positions, colours as bytes. glTF has y up and the viewer looking
 * along −z, so y and z change sign. Points that are not finite are left out, and counted.
 */
export async function pointCloudGlb(
  cloud: PointCloud,
  { share = 0.5 }: GlbOptions = {},
): Promise<{ readonly glb: Uint8Array; readonly points: number; readonly notFinite: number }> {
  const finite = finitePoints(cloud)
  const chosen = mostConfident(cloud.confidence, finite, share)
  const positions = new Float32Array(3 * chosen.length)
  const colours = new Uint8Array(4 * chosen.length)
  chosen.forEach((point, index) => {
    positions[3 * index] = cloud.worldPoints[3 * point]!
    positions[3 * index + 1] = -cloud.worldPoints[3 * point + 1]!
    positions[3 * index + 2] = -cloud.worldPoints[3 * point + 2]!
    colours.set(colourOf(cloud, point), 4 * index)
  })
  const document = new Document()
  const buffer = document.createBuffer()
  const primitive = document
    .createPrimitive()
    .setMode(Primitive.Mode.POINTS)
    .setAttribute('POSITION', document.createAccessor().setType('VEC3').setArray(positions).setBuffer(buffer))
    .setAttribute(
      'COLOR_0',
      document.createAccessor().setType('VEC4').setArray(colours).setNormalized(true).setBuffer(buffer),
    )
  const mesh = document.createMesh('points').addPrimitive(primitive)
  document.createScene('points').addChild(document.createNode('points').setMesh(mesh))
  const glb = await new NodeIO().writeBinary(document)
  return { glb, points: chosen.length, notFinite: cloud.confidence.length - finite.length }
}

function finitePoints({ worldPoints, confidence }: PointCloud): number[] {
  const finite: number[] = []
  for (let point = 0; point < confidence.length; point++) {
    const sum = worldPoints[3 * point]! + worldPoints[3 * point + 1]! + worldPoints[3 * point + 2]!
    if (Number.isFinite(sum + confidence[point]!)) finite.push(point)
  }
  return finite
}

/** The share of the points with the highest confidence, in their own order. */
function mostConfident(confidence: Float32Array, points: readonly number[], share: number): number[] {
  const count = Math.ceil(points.length * Math.min(Math.max(share, 0), 1))
  const order = [...points].sort((a, b) => confidence[b]! - confidence[a]! || a - b)
  return order.slice(0, count).sort((a, b) => a - b)
}

/** Red, green, blue and full opacity, 0…255. */
function colourOf({ images, height, width }: PointCloud, point: number): number[] {
  const pixels = height * width
  const frame = Math.floor(point / pixels)
  const channel = (index: number): number => {
    const value = images[(3 * frame + index) * pixels + (point % pixels)]!
    return Math.round(255 * Math.min(Math.max(value, 0), 1))
  }
  return [channel(0), channel(1), channel(2), 255]
}
