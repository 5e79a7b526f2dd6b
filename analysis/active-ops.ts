/**
 * Who owns the time when several ops run at once.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'

const RANK = [0, 1, 2, 3, 0] // kernel, graph, copy, set, node

/** The ops that run at the sweep's time, the owner on top: a binary heap by precedence. */
export class ActiveOps {
  readonly #heap: number[] = []
  readonly #kind: Uint8Array
  readonly #start: Float64Array
  readonly #stream: Uint32Array
  readonly #sourceRow: Uint32Array

  constructor(trace: Trace) {
    const { kind, start, stream, sourceRow } = trace.device_op
    this.#kind = kind
    this.#start = start
    this.#stream = stream
    this.#sourceRow = sourceRow
  }

  top(): number {
    return this.#heap.length === 0 ? NONE : this.#heap[0]!
  }

  push(op: number): void {
    const heap = this.#heap
    let i = heap.push(op) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.#precedes(op, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = op
  }

  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (heap.length === 0 || last === undefined) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#precedes(heap[child + 1]!, heap[child]!)) child++
      if (!this.#precedes(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }

  /** Whether op a owns the time that it shares with op b. */
  #precedes(a: number, b: number): boolean {
    const rank = RANK[this.#kind[a]!]! - RANK[this.#kind[b]!]!
    if (rank !== 0) return rank < 0
    if (this.#start[a] !== this.#start[b]) return this.#start[a]! < this.#start[b]!
    if (this.#stream[a] !== this.#stream[b]) return this.#stream[a]! < this.#stream[b]!
    return this.#sourceRow[a]! < this.#sourceRow[b]!
  }
}
