import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { imageTensor, syntheticImages } from '../../profiler/input/synthetic.ts'

it('synthetic images are the same for the same seed, on every machine', () => {
  const digest = createHash('sha256')
    .update(syntheticImages(2, 28, 42, 1))
    .digest('hex')
  expect(digest.slice(0, 16)).toBe('194982cb988ef092')
  expect(syntheticImages(2, 28, 42, 1)).toEqual(syntheticImages(2, 28, 42, 1))
  expect(syntheticImages(2, 28, 42, 2)).not.toEqual(syntheticImages(2, 28, 42, 1))
})

it('synthetic frames differ from each other a little, as frames of a moving camera do', () => {
  const pixels = syntheticImages(2, 28, 42, 1)
  const half = pixels.length / 2
  const changed = Array.from({ length: half }, (_, i) => Math.abs(pixels[i]! - pixels[half + i]!))
  const mean = changed.reduce((a, b) => a + b, 0) / half
  expect(mean).toBeGreaterThan(1)
  expect(mean).toBeLessThan(60)
})

it('RGB bytes become planes of 0…1: frame, then channel, then row', () => {
  // Two frames of 1×2 pixels: (1,2,3) (4,5,6) and (7,8,9) (10,11,12).
  const rgb = Uint8Array.from({ length: 12 }, (_, i) => i + 1)
  const tensor = Array.from(imageTensor(rgb, 2, 1, 2), (value) => Math.round(value * 255))
  expect(tensor).toEqual([1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12])
})

it('bytes of another size are refused', () =>
  expect(() => imageTensor(new Uint8Array(5), 1, 1, 2)).toThrow('5 bytes are not 1 RGB frames of 2×1 (6)'))
