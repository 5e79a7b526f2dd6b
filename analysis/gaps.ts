/**
 * Idle gaps: each stretch in which a device ran nothing, split into its causes with the record that shows each.
 */
import { analysis } from './analysis.ts'
import type { Trace } from '../trace/trace.ts'
import { gapRow } from './gap-row.ts'
import type { FoundGap, GapRow } from './gap-row.ts'
import { Gaps } from './gaps-in.ts'
import { IDLE_CAUSES } from './causes.ts'
import { deviceTitle } from './ledger.ts'
import { LengthCounts } from './length-counts.ts'
import { FIRST_IDLE, ownerships } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import { WINDOW_PARAMETERS, windowsOn } from './windows.ts'
import type { WindowChoice } from './windows.ts'
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
    const lengths = new LengthCounts()
    const parts = ownerships(trace).map((ownership): Part => {
      const windows = windowsOn(trace, ownership.device, choice)
      return { ownership, windows, minGap, of: counted(ownership, windows, minGap, lengths) }
    })
    const sum = (value: (one: Counted) => number): number =>
      parts.reduce((total, { of }) => total + value(of), 0)
    return {
      count: sum((one) => one.count),
      totalNs: sum((one) => one.ns.reduce((a, b) => a + b, 0)),
      byCause: IDLE_CAUSES.map((cause, i) => ({
        cause: cause as string,
        ns: sum((one) => one.ns[i]!),
        gaps: sum((one) => one.gaps[i]!),
      }))
        .filter((one) => one.ns > 0)
        .sort((a, b) => b.ns - a.ns),
      gaps: longest(parts, limit, lengths).map(([ownership, gap]) => gapRow(trace, ownership, gap)),
      devices: ownerships(trace).map(({ device }) => ({ device, name: deviceTitle(trace, device) })),
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
        { key: 'startNs', title: 'Start', unit: 'instant' },
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

/** One device, what is asked of it, and what it has. */
interface Part {
  ownership: Ownership
  windows: readonly Window[]
  minGap: number
  of: Counted
}

/** Idle time of one device by cause, as an index into IDLE_CAUSES, and its gaps, cut at windows. */
interface Counted {
  ns: Float64Array
  /** The number of gaps that have any of the cause. */
  gaps: Float64Array
  count: number
}

function counted(
  ownership: Ownership,
  windows: readonly Window[],
  least: number,
  lengths: LengthCounts,
): Counted {
  const { start, owner, end } = ownership
  const ns = new Float64Array(IDLE_CAUSES.length)
  const gaps = new Float64Array(IDLE_CAUSES.length)
  /** The last gap in which each cause was seen. */
  const seen = new Float64Array(IDLE_CAUSES.length).fill(-1)
  let count = 0
  for (const gap = new Gaps(ownership, windows, least); gap.next();) {
    const { from, to } = gap
    for (let k = gap.first; k <= gap.last; k++) {
      const until = k + 1 < start.length ? start[k + 1]! : end
      const time = (until < to ? until : to) - (start[k]! > from ? start[k]! : from)
      if (time <= 0) continue
      const cause = owner[k]! - FIRST_IDLE
      ns[cause]! += time
      if (seen[cause] !== count) gaps[cause]!++
      seen[cause] = count
    }
    lengths.add(to - from)
    count++
  }
  return { ns, gaps, count }
}

/** The longest gap of one device in a window, the earliest among equals; undefined where it has none. */
export function longestGapOf(trace: Trace, ownership: Ownership, choice: WindowChoice): GapRow | undefined {
  let found: FoundGap | undefined
  let most = 0
  for (const gap = new Gaps(ownership, windowsOn(trace, ownership.device, choice), 1); gap.next();) {
    if (gap.to - gap.from <= most) continue
    most = gap.to - gap.from
    found = { from: gap.from, to: gap.to, first: gap.first, last: gap.last }
  }
  return found === undefined ? undefined : gapRow(trace, ownership, found)
}

/** The longest gaps of all devices, the earliest first among equals. Only what may be among them is kept and sorted. */
function longest(parts: readonly Part[], limit: number, lengths: LengthCounts): [Ownership, FoundGap][] {
  const least = lengths.reachedBy(limit)
  const found: [Ownership, FoundGap][] = []
  for (const { ownership, windows, minGap } of parts)
    for (const gap = new Gaps(ownership, windows, Math.max(minGap, least)); gap.next();)
      found.push([ownership, { from: gap.from, to: gap.to, first: gap.first, last: gap.last }])
  return found.sort(([, a], [, b]) => b.to - b.from - (a.to - a.from) || a.from - b.from).slice(0, limit)
}
