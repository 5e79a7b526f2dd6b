/** The ranges of a run: told to the profiling tool, where one listens, and kept with the host's own clock. */
import type { Ranges } from '../../trace/capture.ts'
import type { Nvtx } from '../nvtx/nvtx.ts'

export interface Recorder {
  enter(name: string): void
  leave(): void
}

/** Two clock readings and two pushes a range: about 1 µs. */
export class RangeRecorder implements Recorder {
  readonly #nvtx: Nvtx
  readonly #ranges: { name: string; start: bigint; end: bigint; depth: number }[] = []
  readonly #open: number[] = []

  constructor(nvtx: Nvtx) {
    this.#nvtx = nvtx
  }

  enter(name: string): void {
    this.#nvtx.push(name)
    const start = process.hrtime.bigint()
    this.#open.push(this.#ranges.push({ name, start, end: start, depth: this.#open.length }) - 1)
  }

  leave(): void {
    const range = this.#ranges[this.#open.pop()!]!
    range.end = process.hrtime.bigint()
    this.#nvtx.pop()
  }

  /** What was recorded, times since the first range's start. */
  recorded(): Ranges {
    const zero = this.#ranges[0]?.start ?? 0n
    return {
      format: 'parallax-ranges',
      version: 1,
      pid: process.pid,
      // The main thread's id in the kernel is the process id.
      tid: process.pid,
      ranges: this.#ranges.map(({ name, start, end, depth }) => ({
        name,
        startNs: Number(start - zero),
        endNs: Number(end - zero),
        depth,
      })),
    }
  }
}

export const unrecorded: Recorder = { enter: () => undefined, leave: () => undefined }
