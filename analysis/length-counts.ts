/**
 * How many of each length there are, to find the longest few of millions without sorting, or keeping, them all: lengths are
 * counted by the leading bits of a 32-bit float, so that two in one bucket are less than 0.1 % apart.
 */

/** Sign, exponent and the first 10 bits of the fraction are kept: 2^19 buckets, greater for a greater length. */
const DROPPED_BITS = 13
const BUCKETS = 2 ** (32 - DROPPED_BITS)
/** A length may round up into the next bucket as it becomes a 32-bit float: by 2^-24 of it at most. */
const ROUNDED = 1 - 2 ** -23

export class LengthCounts {
  readonly #counts = new Uint32Array(BUCKETS)
  readonly #float = new Float32Array(1)
  readonly #bits = new Uint32Array(this.#float.buffer)

  /** Counts a length ≥ 0. */
  add(length: number): void {
    this.#float[0] = length
    this.#counts[this.#bits[0]! >>> DROPPED_BITS]!++
  }

  /** A length that at least `rank` of those counted reach, and few more; 0 where there are not as many. */
  reachedBy(rank: number): number {
    let reached = 0
    for (let bucket = BUCKETS - 1; bucket > 0; bucket--) {
      reached += this.#counts[bucket]!
      if (reached < rank) continue
      this.#bits[0] = bucket << DROPPED_BITS
      return this.#float[0]! * ROUNDED
    }
    return 0
  }
}
