/** Two aligned runs: what a span of one is in the other. */
import { formatNs, formatSigned } from '../../../trace/number-format.ts'
import { DELTA_CLASSES, deltaClass } from '../../../draw/timeline/delta.ts'
import type { Recolour } from '../../../draw/timeline/lane.ts'
import type { Linked, Unmatched } from '../../../draw/timeline/matched.ts'
import type { Alignment } from '../../../trace/timeline.ts'

interface Op {
  readonly group: number
  readonly startNs: number
  readonly endNs: number
}

/** One run's part of the alignment. */
class LinkedSide {
  /** By row of device_op; those of the aligned iteration. */
  readonly ops = new Map<number, Op>()
  /** Rows by group. */
  readonly members: number[][] = []
  /** Rows of `range` of the other run, by row of this one's. */
  readonly instances = new Map<number, readonly number[]>()

  readonly unmatched: Unmatched

  constructor({ device, row, startNs, durNs, group }: Alignment['base']) {
    for (const [i, op] of row.entries()) {
      this.ops.set(op, { group: group[i], startNs: startNs[i], endNs: startNs[i] + durNs[i] })
      if (group[i] >= 0) (this.members[group[i]] ??= []).push(op)
    }
    const { ops } = this
    const spans = [...ops.values()].filter((one) => one.group < 0)
    this.unmatched = { device, has: (op) => ops.get(op)?.group === -1, spans }
  }
}

const UNMATCHED = DELTA_CLASSES.indexOf('delta/unmatched')
const OUTSIDE = DELTA_CLASSES.indexOf('delta/outside')

export class Links {
  readonly #runs: readonly [number, number]
  readonly #sides: readonly [LinkedSide, LinkedSide]
  readonly #groupNs: Alignment['groupNs']
  readonly #classes: Uint8Array

  /** `runs`: ids of base and candidate. */
  constructor(runs: readonly [number, number], { base, candidate, groupNs, instances }: Alignment) {
    this.#runs = runs
    this.#sides = [new LinkedSide(base), new LinkedSide(candidate)]
    this.#groupNs = groupNs
    this.#classes = Uint8Array.from(groupNs, ([a, b]) => DELTA_CLASSES.indexOf(deltaClass(a, b)))
    for (const one of instances) {
      for (const row of one.base) this.#sides[0].instances.set(row, one.candidate)
      for (const row of one.candidate) this.#sides[1].instances.set(row, one.base)
    }
  }

  #of(run: number): 0 | 1 {
    return run === this.#runs[0] ? 0 : 1
  }

  /** What a span of the other run is matched with, in `run`. */
  partnersIn(run: number, of: { run: number; table: string; row: number } | undefined): readonly Linked[] {
    if (of === undefined || of.run === run) return []
    const [mine, theirs] = [this.#sides[this.#of(run)], this.#sides[this.#of(of.run)]]
    if (of.table === 'range')
      return (theirs.instances.get(of.row) ?? []).map((row) => ({ table: 'range', row }))
    const op = of.table === 'device_op' ? theirs.ops.get(of.row) : undefined
    if (op === undefined || op.group < 0) return []
    return (mine.members[op.group] ?? []).map((row) => ({ table: 'device_op', row, ...mine.ops.get(row) }))
  }

  /** Of the aligned iteration, and without a match. */
  unmatched(run: number): Unmatched {
    return this.#sides[this.#of(run)].unmatched
  }

  /** How device ops of a run are coloured by their difference. */
  recolour(run: number): Recolour {
    const { ops } = this.#sides[this.#of(run)]
    return {
      classes: DELTA_CLASSES,
      of: (row) => {
        const group = ops.get(row)?.group
        return group === undefined ? OUTSIDE : group < 0 ? UNMATCHED : this.#classes[group]
      },
    }
  }

  /** What the pointer is told; undefined for what is never matched. */
  sentence({ run, table, row }: { run: number; table: string; row: number }): string | undefined {
    const side = this.#of(run)
    const other = side === 0 ? 'candidate' : 'base'
    if (table === 'range') {
      const count = this.#sides[side].instances.get(row)?.length
      return count === undefined
        ? undefined
        : `held against ${count === 1 ? 'one range' : `${count} ranges`} of the ${other}`
    }
    if (table !== 'device_op') return undefined
    const op = this.#sides[side].ops.get(row)
    if (op === undefined) return 'outside the aligned iteration'
    if (op.group < 0) return `no match in the ${other}`
    const [a, b] = this.#groupNs[op.group]
    const counts = this.#sides.map(({ members }) => members[op.group]?.length ?? 0)
    const many = counts[0] + counts[1] > 2 ? ` (${counts[0]} ↔ ${counts[1]})` : ''
    return `matched${many}: ${formatNs(a)} → ${formatNs(b)}, ${formatSigned(b - a, 'ns')}`
  }
}
