/**
 * Made-up input images, the same for the same seed on every machine. They are labelled synthetic wherever they are used.
 *
 * Each frame is a plane of two crossed waves that drifts a little from frame to frame, as a moving camera sees it, with a
 * brighter disc in front that moves twice as fast. With u = x/width, v = y/height, f the frame and every φ, k, d drawn
 * from the seed, a channel is
 *
 *   0.5 + 0.2 sin(2π(k₁(u + d·f) + φ₁)) + 0.2 sin(2π(k₂(v + d·f) + φ₂)) + 0.2 inside the disc
 *
 * cut to 0…1 and rounded to 8 bits, as an image file would hold it.
 */
export function syntheticImages(frames: number, height: number, width: number, seed: number): Uint8Array {
  const draw = uniform(seed)
  const channels = Array.from({ length: 3 }, () => ({
    waves: [2 + 6 * draw(), 2 + 6 * draw()],
    phases: [draw(), draw()],
  }))
  const drift = 0.01 + 0.02 * draw()
  const disc = { u: 0.3 + 0.4 * draw(), v: 0.3 + 0.4 * draw(), radius: 0.1 + 0.1 * draw() }
  const turn = 2 * Math.PI
  const pixels = new Uint8Array(frames * height * width * 3)
  let at = 0
  for (let f = 0; f < frames; f++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [u, v] = [x / width, y / height]
        const inside = Math.hypot(u - disc.u - 2 * drift * f, v - disc.v) < disc.radius
        for (const { waves, phases } of channels) {
          const value =
            0.5 +
            0.2 * Math.sin(turn * (waves[0]! * (u + drift * f) + phases[0]!)) +
            0.2 * Math.sin(turn * (waves[1]! * (v + drift * f) + phases[1]!)) +
            (inside ? 0.2 : 0)
          pixels[at++] = Math.round(255 * Math.min(1, Math.max(0, value)))
        }
      }
  return pixels
}

/** Numbers in [0, 1), by Weyl steps of the golden ratio through a 32-bit mix (murmur3's finaliser). */
function uniform(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

/** Frames as RGB bytes [frames, height, width, 3] → the model's input [1, frames, 3, height, width] in 0…1. */
export function imageTensor(rgb: Uint8Array, frames: number, height: number, width: number): Float32Array {
  const pixels = height * width
  if (rgb.length !== frames * pixels * 3)
    throw new RangeError(
      `${rgb.length} bytes are not ${frames} RGB frames of ${width}×${height} (${frames * pixels * 3})`,
    )
  const tensor = new Float32Array(rgb.length)
  for (let f = 0; f < frames; f++)
    for (let c = 0; c < 3; c++) {
      const to = (f * 3 + c) * pixels
      const from = f * pixels * 3 + c
      for (let i = 0; i < pixels; i++) tensor[to + i] = rgb[from + i * 3]! / 255
    }
  return tensor
}
