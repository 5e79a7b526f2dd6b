/**
 * Work that may not be known, its least time, and sums of it by phase.
 */
import type { Trace } from '../trace/trace.ts'
import type { Rate } from './matrix-dtype.ts'
import { phaseTree } from './phase-tree.ts'
import { partOfPhases } from './vggt-parts.ts'
import type { Work } from './vggt-work.ts'

/** Work, and how long the device needs for its arithmetic at its peak rate; NaN where that is not known. */
export interface TimedWork extends Work {
  leastSeconds: number
  /** The fastest precision of each part of it. */
  dtypes: ReadonlySet<string>
}
export interface NotKnown {
  why: string
}

/** Adds up work by phase, and into the phases around it. Once a part is not known, neither is any sum with it. */
export class WorkOfPhases {
  readonly #sums: (TimedWork | NotKnown | undefined)[]
  readonly #parentOf: readonly number[]
  readonly #isPart: boolean[]

  constructor(trace: Trace) {
    const { paths, parentOf } = phaseTree(trace)
    this.#sums = paths.map(() => undefined)
    this.#parentOf = parentOf
    this.#isPart = partOfPhases(trace).map((part) => part !== undefined)
  }

  add(phase: number, work: TimedWork | NotKnown): void {
    for (let at = phase; at !== 0; at = this.#parentOf[at]!) this.#sums[at] = sumOf(this.#sums[at], work)
  }

  finish(): (phase: number) => TimedWork | NotKnown {
    return (phase) => this.#sums[phase] ?? { why: this.#whyNone(phase) }
  }

  #whyNone(phase: number): string {
    for (let at = phase; at !== 0; at = this.#parentOf[at]!)
      if (this.#isPart[at]) return 'its arithmetic stands with the phase around it'
    return 'it holds no attention kernel of VGGT and no head by name'
  }
}

export function sumOf(a: TimedWork | NotKnown | undefined, b: TimedWork | NotKnown): TimedWork | NotKnown {
  if (a === undefined || 'why' in b) return b
  if ('why' in a) return a
  return {
    flops: a.flops + b.flops,
    bytes: a.bytes + b.bytes,
    leastSeconds: a.leastSeconds + b.leastSeconds,
    dtypes: new Set([...a.dtypes, ...b.dtypes]),
  }
}

/** Work at a rate. */
export const timed = ({ flops, bytes }: Work, rate: Rate | undefined): TimedWork => ({
  flops,
  bytes,
  leastSeconds: rate === undefined ? NaN : flops / rate.rate,
  dtypes: new Set(rate === undefined ? [] : [rate.dtype]),
})
