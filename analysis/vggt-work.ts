/**
 * What each part of one VGGT forward must compute and move at least, from the model's shape and its images. Two operations a
 * multiply-add; only matrix products, convolutions and attention count, all else is small beside them.
 *
 *   block of T tokens of width C, attention over groups of N tokens     24 · T · C² + 4 · Σ N² · C
 *   convolution k × k, n pixels out, a channels in, b out               2 · k² · n · a · b
 *
 * S frames of P tokens each: the patches, one camera token and four registers. Frame attention runs S groups of P, global
 * attention one group of S · P. 100 frames of 518×518: patch embedding 102, frame 102, global 1,939, a DPT head 30 TFLOP.
 *
 * Bytes are the fewest that any precision in use has to move: two a weight, once a forward (once a block where blocks follow
 * each other, which is the same); four a number of the tokens that go in and out, and of images and predictions.
 */

/** The numbers that the work depends on. */
export interface VggtShape {
  /** Channels of a token; the heads see twice as many. */
  width: number
  /** Pairs of a frame and a global block. */
  depth: number
  vitDepth: number
  dptFeatures: number
  dptChannels: readonly [number, number, number, number]
  cameraDepth: number
}

/** The published model, and the two smaller ones of the harness. */
export const VGGT_SHAPES: Readonly<Record<string, VggtShape>> = {
  '1b': {
    width: 1024,
    depth: 24,
    vitDepth: 24,
    dptFeatures: 256,
    dptChannels: [256, 512, 1024, 1024],
    cameraDepth: 4,
  },
  small: {
    width: 384,
    depth: 12,
    vitDepth: 12,
    dptFeatures: 64,
    dptChannels: [48, 96, 192, 384],
    cameraDepth: 2,
  },
  tiny: { width: 64, depth: 4, vitDepth: 2, dptFeatures: 32, dptChannels: [16, 32, 64, 64], cameraDepth: 2 },
}

/** Side of a patch in pixels, and tokens of a frame beside its patches. */
export const PATCH = 14
export const EXTRA_TOKENS = 5
/** The camera head corrects its pose so often. */
export const CAMERA_ROUNDS = 4
/** Translation, quaternion, field of view. */
const POSE = 9

/** The images, in patches. */
export interface VggtImages {
  frames: number
  rows: number
  columns: number
}

export type VggtPart =
  'Patch embedding' | 'Frame attention' | 'Global attention' | 'Camera head' | 'Depth head' | 'Point head'

export interface Work {
  flops: number
  bytes: number
}

/** The work of one part in one forward. */
export function vggtWork(part: VggtPart, shape: VggtShape, images: VggtImages): Work {
  const { frames, rows, columns } = images
  const tokens = rows * columns + EXTRA_TOKENS
  if (part === 'Frame attention') return times(shape.depth, block(shape.width, frames, tokens))
  if (part === 'Global attention') return times(shape.depth, block(shape.width, 1, frames * tokens))
  if (part === 'Patch embedding') return patchEmbedding(shape, images)
  if (part === 'Camera head') return cameraHead(shape, frames)
  return dptHead(shape, images, part === 'Depth head' ? 2 : 4)
}

/** One transformer block over some groups of tokens. */
export function block(width: number, groups: number, tokens: number): Work {
  const all = groups * tokens
  return {
    flops: 24 * all * width ** 2 + 4 * groups * tokens ** 2 * width,
    bytes: 2 * 12 * width ** 2 + 2 * 4 * all * width,
  }
}

const times = (count: number, { flops, bytes }: Work): Work => ({
  flops: count * flops,
  bytes: count * bytes,
})

/** Square patches of three colours as one product, then a ViT over each frame. */
function patchEmbedding(shape: VggtShape, images: VggtImages): Work {
  const { frames, rows, columns } = images
  const product = patchProduct(shape, images)
  const vit = times(shape.vitDepth, block(shape.width, frames, rows * columns + EXTRA_TOKENS))
  return { flops: product.flops + vit.flops, bytes: product.bytes + vit.bytes }
}

/** The first of it: pixels to tokens. */
export function patchProduct({ width }: VggtShape, { frames, rows, columns }: VggtImages): Work {
  const patches = frames * rows * columns
  const colours = 3 * PATCH ** 2
  return {
    flops: 2 * patches * colours * width,
    bytes: 2 * colours * width + 4 * patches * colours,
  }
}

/** Four rounds over one token a frame: the pose so far modulates it, a small transformer looks at all, an MLP corrects. */
function cameraHead({ width, cameraDepth }: VggtShape, frames: number): Work {
  const wide = 2 * width
  // Pose in (9 → D), modulation (D → 3 D), pose out (D → D/2 → 9).
  const linear = POSE * wide + 3 * wide ** 2 + (wide * wide) / 2 + (wide / 2) * POSE
  const trunk = times(cameraDepth, block(wide, 1, frames))
  return {
    flops: CAMERA_ROUNDS * (2 * frames * linear + trunk.flops),
    bytes: 2 * (linear + cameraDepth * 12 * wide ** 2) + 4 * frames * (wide + POSE),
  }
}

/**
 * A DPT head: four layers' tokens become maps of 4, 2, 1 and ½ times the patch grid, which are fused from the smallest to the
 * largest and enlarged to the image.
 */
function dptHead(shape: VggtShape, { frames, rows, columns }: VggtImages, outputs: number): Work {
  const { width, dptFeatures: features, dptChannels: channels } = shape
  const grid = rows * columns
  const half = Math.ceil(rows / 2) * Math.ceil(columns / 2)
  /** Pixels of the four maps, and of what each fusion gives. */
  const maps = [16 * grid, 4 * grid, grid, half]
  const fused = [64 * grid, 16 * grid, 4 * grid, grid]
  const image = grid * PATCH ** 2
  let flops = 0
  let weights = 0
  const product = (pixels: number, from: number, to: number, kernel = 1): void => {
    flops += 2 * pixels * from * to * kernel ** 2
    weights += from * to * kernel ** 2
  }
  for (const count of channels) product(grid, 2 * width, count)
  // Transposed ones step as far as they are wide: each input pixel makes kernel² output pixels, once.
  product(grid, channels[0], channels[0], 4)
  product(grid, channels[1], channels[1], 2)
  product(half, channels[3], channels[3], 3)
  for (const [i, count] of channels.entries()) {
    product(maps[i]!, count, features, 3)
    // Two units of two convolutions; the smallest map has nothing to be added to, so one.
    for (let k = 0; k < (i === 3 ? 2 : 4); k++) product(maps[i]!, features, features, 3)
    product(fused[i]!, features, features)
  }
  product(fused[0]!, features, features / 2, 3)
  product(image, features / 2, 32, 3)
  product(image, 32, outputs)
  return {
    flops: frames * flops,
    bytes: 2 * weights + 4 * frames * (4 * grid * 2 * width + image * outputs),
  }
}
