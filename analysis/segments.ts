/**
 * Growing lists of consecutive segments, each beginning where the one before ends.
 */

/** Segment i is [start[i], start[i + 1]). */
export interface OwnedSegments {
  start: Float64Array
  /** Index into OWNERS. */
  owner: Uint8Array
  /** Busy: the op that owns it. Idle: the op that ends the gap; NONE after the last. */
  op: Uint32Array
  /** Of an `unknown` stretch: which reason; 0 elsewhere. */
  reason: Uint8Array
}

export class SegmentBuilder {
  #length = 0
  #start: Float64Array
  #owner: Uint8Array
  #op: Uint32Array
  #reason: Uint8Array

  constructor(capacity: number) {
    const room = Math.max(16, Math.ceil(1.25 * capacity))
    this.#start = new Float64Array(room)
    this.#owner = new Uint8Array(room)
    this.#op = new Uint32Array(room)
    this.#reason = new Uint8Array(room)
  }

  get length(): number {
    return this.#length
  }

  /** Begins a segment; one like the last goes on as the same. */
  add(at: number, owner: number, op: number, reason: number): void {
    const last = this.#length - 1
    if (last >= 0 && this.#owner[last] === owner && this.#op[last] === op && this.#reason[last] === reason)
      return
    if (this.#length === this.#start.length) this.#grow()
    this.#start[this.#length] = at
    this.#owner[this.#length] = owner
    this.#op[this.#length] = op
    // Memory that was never written takes no room, and there is hardly ever a reason.
    if (reason !== 0) this.#reason[this.#length] = reason
    this.#length++
  }

  #grow(): void {
    const length = 2 * this.#start.length
    const start = new Float64Array(length)
    start.set(this.#start)
    this.#start = start
    const owner = new Uint8Array(length)
    owner.set(this.#owner)
    this.#owner = owner
    const op = new Uint32Array(length)
    op.set(this.#op)
    this.#op = op
    const reason = new Uint8Array(length)
    reason.set(this.#reason)
    this.#reason = reason
  }

  /** What was added; nothing is copied, since memory that was never written takes no room. */
  finish(): OwnedSegments {
    return {
      start: this.#start.subarray(0, this.#length),
      owner: this.#owner.subarray(0, this.#length),
      op: this.#op.subarray(0, this.#length),
      reason: this.#reason.subarray(0, this.#length),
    }
  }
}
