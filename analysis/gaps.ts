/**
 * Idle gaps: each stretch in which a device ran nothing, split into its causes with the record that shows each.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { classifyGap, IDLE_CAUSES } from './idle-cause.ts'
import type { Evidence } from './idle-cause.ts'
import { deviceName } from './ledger.ts'
import { isIdle, OWNERS, ownerships } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { select } from './statistics.ts'
import { WINDOW_PARAMETERS, windowsOn } from './windows.ts'
import type { Window } from './busy.ts'

export interface GapCause {
  cause: string
  startNs: number
  ns: number
  /** Why it is unknown. */
  reason?: string
  /** The call, wait or overhead row that shows it. */
  evidence?: Evidence & { name: string }
}

export interface GapRow {
  device: number
  startNs: number
  durNs: number
  /** The op that ends it; null after the last. */
  next: { row: number; name: string } | null
  phase: string
  /** In time order; their ns sum to durNs. */
  causes: GapCause[]
}

export const gaps = analysis({
  id: 'gaps',
  title: 'Idle gaps',
  about:
    'Every stretch in which a device ran nothing, the longest first, split into causes with their evidence.',
  needs: ['device_op'],
  parameters: {
    ...WINDOW_PARAMETERS,
    minGap: { type: 'ns', about: 'leave out gaps shorter than this (default 0)' },
    limit: { type: 'count', about: 'how many to list (default 200); totals count all' },
  },
  compute: (trace, { minGap = 0, limit = 200, ...choice }) => {
    const sums = new CauseSums()
    const all = ownerships(trace).flatMap((ownership) =>
      gapsOf(ownership, windowsOn(trace, ownership.device, choice), minGap, sums),
    )
    return {
      count: all.length,
      totalNs: all.reduce((sum, gap) => sum + gap.to - gap.from, 0),
      byCause: sums.rows(),
      gaps: longest(all, limit).map((gap) => described(trace, gap)),
      devices: ownerships(trace).map(({ device }) => ({ device, name: deviceName(trace, device) })),
    }
  },
  tables: (result) => [
    {
      title: `Idle time by cause: ${result.count} gaps`,
      columns: [
        { key: 'cause', title: 'Cause' },
        { key: 'ns', title: 'Time', unit: 'ns' },
        { key: 'gaps', title: 'In gaps', unit: 'count' },
      ],
      rows: result.byCause,
    },
    {
      title: 'The longest gaps',
      columns: [
        { key: 'startNs', title: 'Start', unit: 'ns' },
        { key: 'durNs', title: 'Length', unit: 'ns' },
        { key: 'device', title: 'Device', unit: 'count' },
        { key: 'phase', title: 'Phase of what ends it' },
        { key: 'main', title: 'Mostly' },
        { key: 'evidence', title: 'Evidence' },
        { key: 'next', title: 'Ended by' },
      ],
      rows: result.gaps.map((gap) => {
        const main = gap.causes.toSorted((a, b) => b.ns - a.ns)[0]!
        return {
          startNs: gap.startNs,
          durNs: gap.durNs,
          device: gap.device,
          phase: gap.phase,
          main: main.cause,
          evidence: main.evidence?.name ?? main.reason ?? null,
          next: gap.next?.name ?? null,
        }
      }),
    },
  ],
})

interface FoundGap {
  device: number
  from: number
  to: number
  next: number
  /** Whether it is the whole gap, or cut by a window. */
  whole: { from: number; to: number; isFirst: boolean }
}

/** Time and gaps by cause. A gap counts once for each of its causes. */
class CauseSums {
  readonly #ns = new Float64Array(OWNERS.length)
  readonly #gaps = new Uint32Array(OWNERS.length)
  /** The last gap that was counted for a cause, by its number from 1. */
  readonly #latest = new Uint32Array(OWNERS.length)

  #number = 0

  /** The next gap's number. */
  next(): number {
    return ++this.#number
  }

  add(owner: number, ns: number, gap: number): void {
    this.#ns[owner]! += ns
    if (this.#latest[owner] === gap) return
    this.#latest[owner] = gap
    this.#gaps[owner]!++
  }

  /** Most time first. */
  rows(): { cause: string; ns: number; gaps: number }[] {
    return OWNERS.map((owner, i) => ({
      cause: owner.slice('idle/'.length),
      ns: this.#ns[i]!,
      gaps: this.#gaps[i]!,
    }))
      .filter(({ gaps }) => gaps > 0)
      .sort((a, b) => b.ns - a.ns)
  }
}

/** The longest first, the earlier of equals; only those that are listed are sorted. */
function longest(all: readonly FoundGap[], limit: number): FoundGap[] {
  const order = (a: FoundGap, b: FoundGap): number => b.to - b.from - (a.to - a.from) || a.from - b.from
  if (all.length <= limit) return all.toSorted(order)
  if (limit <= 0) return []
  const lengths = Float64Array.from(all, ({ from, to }) => to - from)
  const at = all.length - limit
  select(lengths, 0, lengths.length - 1, at)
  const least = lengths[at]!
  return all
    .filter(({ from, to }) => to - from >= least)
    .sort(order)
    .slice(0, limit)
}

/** Runs of idle segments, cut at the windows. */
function gapsOf(
  ownership: Ownership,
  windows: readonly Window[],
  least: number,
  sums: CauseSums,
): FoundGap[] {
  const { start, owner, op, end, device } = ownership
  const found: FoundGap[] = []
  let w = 0
  for (let i = 0; i < start.length; i++) {
    if (!isIdle(owner[i]!)) continue
    const first = i
    while (i + 1 < start.length && isIdle(owner[i + 1]!)) i++
    const whole = { from: start[first]!, to: start[i + 1] ?? end, isFirst: first === 0 }
    while (w < windows.length && windows[w]![1] <= whole.from) w++
    for (let v = w; v < windows.length && windows[v]![0] < whole.to; v++) {
      const from = Math.max(whole.from, windows[v]![0])
      const to = Math.min(whole.to, windows[v]![1])
      if (to - from < Math.max(least, 1)) continue
      const number = sums.next()
      for (let k = first; k <= i; k++) {
        const time = Math.min(start[k + 1] ?? end, to) - Math.max(start[k]!, from)
        if (time > 0) sums.add(owner[k]!, time, number)
      }
      found.push({ device, from, to, next: op[i]!, whole })
    }
  }
  return found
}

function described(trace: Trace, gap: FoundGap): GapRow {
  const { next, whole } = gap
  const starts: Omit<GapCause, 'ns'>[] = []
  classifyGap(trace, { ...whole, next }, (at, cause, reason, evidence) =>
    starts.push({
      cause: IDLE_CAUSES[cause]!,
      startNs: at,
      ...(reason === undefined ? {} : { reason }),
      ...(evidence === undefined ? {} : { evidence: { ...evidence, name: nameOf(trace, evidence) } }),
    }),
  )
  const causes = starts.flatMap((one, k): GapCause[] => {
    const startNs = Math.max(one.startNs, gap.from)
    const ns = Math.min(starts[k + 1]?.startNs ?? whole.to, gap.to) - startNs
    return ns > 0 ? [{ ...one, startNs, ns }] : []
  })
  return {
    device: gap.device,
    startNs: gap.from,
    durNs: gap.to - gap.from,
    next: next === NONE ? null : { row: next, name: trace.strings[trace.device_op.name[next]!]! },
    phase: phaseTree(trace).paths[next === NONE ? 0 : phaseOfOps(trace)[next]!]!,
    causes,
  }
}

function nameOf(trace: Trace, { table, row }: Evidence): string {
  const name = trace[table].name?.[row] ?? NONE
  return name === NONE ? '' : trace.strings[name]!
}
