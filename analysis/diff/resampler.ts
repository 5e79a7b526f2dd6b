/**
 * Resampling iterations: which of them, in blocks that stay inside their capture.
 */
import { drawer } from './random.ts'

export const RESAMPLES = 499

/** Values of one quantity, by capture, each in time order. Every capture that counts has at least one. */
export type Sample = readonly (readonly number[])[]

export const countOf = (sample: Sample): number => sample.reduce((sum, values) => sum + values.length, 0)

export const meanOf = (sample: Sample): number =>
  sample.reduce((sum, values) => sum + values.reduce((s, v) => s + v, 0), 0) / countOf(sample)

/** Draws the same resamples for every quantity of a side, so that what belongs together stays together. */
export class Resampler {
  readonly #seed: string
  readonly #draws = new Map<string, Uint32Array>()

  /** A side's seed is made of its own values: swapping the sides swaps the resamples, and a side against itself is 0. */
  constructor(sample: Sample) {
    this.#seed = JSON.stringify(sample)
  }

  /** Means of resampled values, in blocks of `length` that stay inside their capture (and wrap around its end). */
  means(sample: Sample, length: number): Float64Array {
    const flat = Float64Array.from(sample.flat())
    const means = new Float64Array(RESAMPLES)
    // Most often nothing on one side: "added" is 0 throughout the base.
    if (flat.every((value) => value === flat[0])) return means.fill(flat[0]!)
    const draws = this.#drawn(sample, flat.length, length)
    for (let k = 0, at = 0; k < RESAMPLES; k++) {
      let sum = 0
      for (const end = at + flat.length; at < end; at++) sum += flat[draws[at]!]!
      means[k] = sum / flat.length
    }
    return means
  }

  #drawn(sample: Sample, n: number, length: number): Uint32Array {
    const shape = `${length} ${sample.map((values) => values.length).join(' ')}`
    const before = this.#draws.get(shape)
    if (before !== undefined) return before
    const draw = drawer(`${shape} ${this.#seed}`)
    const indices = new Uint32Array(RESAMPLES * n)
    for (let k = 0, at = 0; k < RESAMPLES; k++) {
      let from = 0
      let start = 0
      for (const values of sample) {
        for (let i = 0; i < values.length; i++) {
          if (i % length === 0) start = draw(values.length)
          indices[at++] = from + ((start + (i % length)) % values.length)
        }
        from += values.length
      }
    }
    this.#draws.set(shape, indices)
    return indices
  }
}
