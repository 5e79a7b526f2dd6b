/**
 * Who owns the time when several ops run at once.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'

const RANK = [0, 1, 2, 3, 0] // kernel, graph, copy, set, node

/** Whether op a owns the time that it shares with op b. */
export function precedes(trace: Trace, a: number, b: number): boolean {
  const { kind, start, stream, sourceRow } = trace.device_op
  const rank = RANK[kind[a]!]! - RANK[kind[b]!]!
  if (rank !== 0) return rank < 0
  if (start[a] !== start[b]) return start[a]! < start[b]!
  if (stream[a] !== stream[b]) return stream[a]! < stream[b]!
  return sourceRow[a]! < sourceRow[b]!
}

/** The ops that run at the sweep's time, the owner on top: a binary heap by precedence. */
export class ActiveOps {
  readonly #heap: number[] = []
  readonly #trace: Trace

  constructor(trace: Trace) {
    this.#trace = trace
  }

  top(): number {
    return this.#heap[0] ?? NONE
  }

  push(op: number): void {
    const heap = this.#heap
    let i = heap.push(op) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!precedes(this.#trace, heap[i]!, heap[parent]!)) return
      ;[heap[i], heap[parent]] = [heap[parent]!, heap[i]!]
      i = parent
    }
  }

  pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (heap.length === 0 || last === undefined) return
    heap[0] = last
    let i = 0
    for (;;) {
      let least = i
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && precedes(this.#trace, heap[child]!, heap[least]!)) least = child
      if (least === i) return
      ;[heap[i], heap[least]] = [heap[least]!, heap[i]!]
      i = least
    }
  }
}
