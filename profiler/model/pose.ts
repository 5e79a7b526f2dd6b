/**
 * What the camera head's nine numbers say: `absT_quaR_FoV`, a translation, a rotation and two fields of view.
 *
 * Cameras follow OpenCV: x right, y down, z forward; an extrinsic takes points of the world into the camera.
 */

/** `x_camera = R·x_world + t`; row-major. */
export interface Extrinsic {
  readonly rotation: readonly number[]
  readonly translation: readonly number[]
}

/** Focal lengths and principal point in pixels. */
export interface Intrinsic {
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
}

export interface Pose {
  readonly extrinsic: Extrinsic
  readonly intrinsic: Intrinsic
}

/** Numbers per frame: translation 3, quaternion x y z w, fields of view of height and width in radians. */
export const poseNumbers = 9

/** One frame's nine numbers, for an image of this size in pixels. The quaternion need not have length 1. */
export function decodePose(numbers: ArrayLike<number>, height: number, width: number): Pose {
  const [tx, ty, tz, x, y, z, w, fovHeight, fovWidth] = Array.from(numbers) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return {
    extrinsic: { rotation: rotationOf(x, y, z, w), translation: [tx, ty, tz] },
    intrinsic: {
      fx: width / 2 / Math.tan(fovWidth / 2),
      fy: height / 2 / Math.tan(fovHeight / 2),
      cx: width / 2,
      cy: height / 2,
    },
  }
}

/** All frames of an output `pose_enc`, `[1, S, 9]`. */
export function decodePoses(poseEnc: Float32Array, height: number, width: number): Pose[] {
  const frames = poseEnc.length / poseNumbers
  return Array.from({ length: frames }, (_, frame) =>
    decodePose(poseEnc.subarray(frame * poseNumbers, (frame + 1) * poseNumbers), height, width),
  )
}

/** Quaternion (scalar last) → 3×3. Scaling by 2/|q|² in place of 2 makes any length a rotation. */
function rotationOf(x: number, y: number, z: number, w: number): number[] {
  const s = 2 / (x * x + y * y + z * z + w * w)
  return [
    1 - s * (y * y + z * z),
    s * (x * y - z * w),
    s * (x * z + y * w),
    s * (x * y + z * w),
    1 - s * (x * x + z * z),
    s * (y * z - x * w),
    s * (x * z - y * w),
    s * (y * z + x * w),
    1 - s * (x * x + y * y),
  ]
}
