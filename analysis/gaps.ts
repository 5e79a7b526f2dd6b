/**
 * Idle gaps: each stretch in which a device ran nothing, split into its causes with the record that shows each.
 */
import { analysis } from './analysis.ts'
import { gapRow } from './gap-row.ts'
import type { FoundGap } from './gap-row.ts'
import { IDLE_CAUSES } from './idle-cause.ts'
import { deviceName } from './ledger.ts'
import { FIRST_IDLE, isIdle, ownerships } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import { select } from './statistics.ts'
import { WINDOW_PARAMETERS, windowsOn } from './windows.ts'
import type { Window } from './busy.ts'

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
    const found = ownerships(trace).map((ownership) =>
      gapsOf(ownership, windowsOn(trace, ownership.device, choice), minGap),
    )
    const sum = (of: (one: FoundGaps) => number): number => found.reduce((total, one) => total + of(one), 0)
    return {
      count: sum((one) => one.from.length),
      totalNs: sum((one) => one.ns.reduce((a, b) => a + b, 0)),
      byCause: IDLE_CAUSES.map((cause, i) => ({
        cause: cause as string,
        ns: sum((one) => one.ns[i]!),
        gaps: sum((one) => one.gaps[i]!),
      }))
        .filter((one) => one.ns > 0)
        .sort((a, b) => b.ns - a.ns),
      gaps: longest(found, limit).map(([of, i]) => gapRow(trace, of.ownership, gapAt(of, i))),
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
          evidence: main.waitedFor?.name ?? main.evidence?.name ?? main.reason ?? null,
          next: gap.next?.name ?? null,
        }
      }),
    },
  ],
})

/** The gaps of one device, cut at windows: column by column, since a capture may have one for each kernel. */
interface FoundGaps {
  ownership: Ownership
  from: readonly number[]
  to: readonly number[]
  /** First and last of the segments that it is cut from. */
  first: readonly number[]
  last: readonly number[]
  /** By cause, as an index into IDLE_CAUSES: time, and the number of gaps that have any. */
  ns: Float64Array
  gaps: Float64Array
}

/** Runs of idle segments, cut at the windows. */
function gapsOf(ownership: Ownership, windows: readonly Window[], least: number): FoundGaps {
  const { start, owner, end } = ownership
  const found = { from: [] as number[], to: [] as number[], first: [] as number[], last: [] as number[] }
  const ns = new Float64Array(IDLE_CAUSES.length)
  const gaps = new Float64Array(IDLE_CAUSES.length)
  /** The last gap in which each cause was seen. */
  const seen = new Float64Array(IDLE_CAUSES.length).fill(-1)
  const endOf = (segment: number): number => (segment + 1 < start.length ? start[segment + 1]! : end)
  let w = 0
  for (let i = 0; i < start.length; i++) {
    if (!isIdle(owner[i]!)) continue
    const first = i
    while (i + 1 < start.length && isIdle(owner[i + 1]!)) i++
    const whole = endOf(i)
    while (w < windows.length && windows[w]![1] <= start[first]!) w++
    for (let v = w; v < windows.length && windows[v]![0] < whole; v++) {
      const from = Math.max(start[first]!, windows[v]![0])
      const to = Math.min(whole, windows[v]![1])
      if (to - from < Math.max(least, 1)) continue
      for (let k = first; k <= i; k++) {
        const time = Math.min(endOf(k), to) - Math.max(start[k]!, from)
        if (time <= 0) continue
        const cause = owner[k]! - FIRST_IDLE
        ns[cause]! += time
        if (seen[cause] !== found.from.length) gaps[cause]!++
        seen[cause] = found.from.length
      }
      found.from.push(from)
      found.to.push(to)
      found.first.push(first)
      found.last.push(i)
    }
  }
  return { ownership, ...found, ns, gaps }
}

/** The longest gaps of all devices, the earliest first among equals. Only what may be among them is sorted. */
function longest(found: readonly FoundGaps[], limit: number): [FoundGaps, number][] {
  const lengths = Float64Array.from(found.flatMap(({ from, to }) => from.map((at, gap) => to[gap]! - at)))
  let least = 0
  if (limit > 0 && limit < lengths.length) {
    select(lengths, 0, lengths.length - 1, lengths.length - limit)
    least = lengths[lengths.length - limit]!
  }
  return found
    .flatMap((of) =>
      of.from.flatMap((at, gap): [FoundGaps, number][] => (of.to[gap]! - at >= least ? [[of, gap]] : [])),
    )
    .sort(([a, i], [b, k]) => b.to[k]! - b.from[k]! - (a.to[i]! - a.from[i]!) || a.from[i]! - b.from[k]!)
    .slice(0, limit)
}

const gapAt = ({ from, to, first, last }: FoundGaps, i: number): FoundGap => ({
  from: from[i]!,
  to: to[i]!,
  first: first[i]!,
  last: last[i]!,
})
