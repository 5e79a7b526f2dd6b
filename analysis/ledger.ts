/**
 * The time ledger: for each device, who owned every nanosecond of a window. The parts are whole numbers that sum to the
 * window's length exactly. docs/analyses/ledger.md says what each owner means.
 */
import { formatNs, formatShare } from '../trace/number-format.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import type { ResultTable } from './analysis.ts'
import { lengthOf } from './busy.ts'
import type { Window } from './busy.ts'
import { clippedDurations, OwnedPieces } from './clip.ts'
import { derived } from './derived.ts'
import { isIdle, OWNERS, ownerships } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { WINDOW_PARAMETERS, windowsOn } from './windows.ts'
import type { WindowChoice } from './windows.ts'
import { NONE } from '../trace/column.ts'

export interface LedgerOwner {
  /** "busy/<class>" or "idle/<cause>". */
  owner: string
  ns: number
  /** Busy classes: time of that class that ran beneath another owner. No part of the sum. */
  hiddenNs?: number
  /** idle/unknown: which record is missing, and how much time that concerns. */
  reasons?: { reason: string; ns: number }[]
}

export interface DeviceLedger {
  device: number
  name: string
  windowsNs: [number, number][]
  wallNs: number
  owners: LedgerOwner[]
  /** The same time by phase and owner; sums to wallNs as well. */
  phases: { phase: string; owner: string; ns: number }[]
}

export const ledger = analysis({
  id: 'ledger',
  title: 'Time ledger',
  about: 'Who owned every nanosecond of each device: work by class, idle time by cause.',
  needs: [],
  parameters: WINDOW_PARAMETERS,
  compute: (trace, choice): { devices: DeviceLedger[] } => ({
    devices: ownerships(trace).map((ownership) => ledgerOf(trace, ownership, choice)),
  }),
  tables: ({ devices }) => devices.flatMap((device) => [byOwner(device), byPhase(device)]),
})

function byOwner({ name, wallNs, owners }: DeviceLedger): ResultTable {
  return {
    title: `${name}: ${formatNs(wallNs)}, ${formatShare(busyOf(owners), wallNs)} busy`,
    columns: [
      { key: 'owner', title: 'Owner' },
      { key: 'ns', title: 'Time', unit: 'ns' },
      { key: 'share', title: 'Share', unit: 'percent' },
      { key: 'hiddenNs', title: 'Hidden', unit: 'ns' },
    ],
    rows: owners.map((one) => ({
      owner: one.owner,
      ns: one.ns,
      share: wallNs === 0 ? null : (100 * one.ns) / wallNs,
      hiddenNs: one.hiddenNs ?? null,
    })),
  }
}

function byPhase({ name, owners, phases }: DeviceLedger): ResultTable {
  const busyNs = busyOf(owners)
  const rows = new Map<string, { phase: string; busyNs: number; idleNs: number }>()
  for (const { phase, owner, ns } of phases) {
    const row = rows.get(phase) ?? { phase, busyNs: 0, idleNs: 0 }
    row[owner.startsWith('busy/') ? 'busyNs' : 'idleNs'] += ns
    rows.set(phase, row)
  }
  return {
    title: `${name} by phase, phases inside it not counted`,
    columns: [
      { key: 'phase', title: 'Phase' },
      { key: 'busyNs', title: 'Busy', unit: 'ns' },
      { key: 'shareOfBusy', title: 'Share of work', unit: 'percent' },
      { key: 'idleNs', title: 'Idle before its work', unit: 'ns' },
    ],
    rows: [...rows.values()]
      .sort((a, b) => b.busyNs - a.busyNs)
      .map((row) => ({ ...row, shareOfBusy: busyNs === 0 ? null : (100 * row.busyNs) / busyNs })),
  }
}

const busyOf = (owners: readonly LedgerOwner[]): number =>
  owners.reduce((sum, { owner, ns }) => (owner.startsWith('busy/') ? sum + ns : sum), 0)

/** The ledger of one device over the chosen windows; that of the whole capture is made once. */
export function ledgerOf(trace: Trace, ownership: Ownership, choice: WindowChoice): DeviceLedger {
  const make = (): DeviceLedger => deviceLedger(trace, ownership, windowsOn(trace, ownership.device, choice))
  if (Object.values(choice).some((value) => value !== undefined)) return make()
  const known = wholeLedgers(trace)
  return (known[ownership.device] ??= make())
}

const wholeLedgers = derived((): DeviceLedger[] => [])

/** The ledger of one device over disjoint windows. Σ owners = Σ phases = length of the windows. */
function deviceLedger(trace: Trace, ownership: Ownership, windows: readonly Window[]): DeviceLedger {
  const { paths } = phaseTree(trace)
  const { byPhase, byReason } = ownedTimes(ownership, windows, phaseOfOps(trace), paths.length)
  const owned = new Float64Array(OWNERS.length)
  for (const times of byPhase) times?.forEach((time, owner) => (owned[owner]! += time))
  const reasons = ownership.reasons
    .map((reason, i) => ({ reason, ns: byReason[i]! }))
    .filter(({ ns }, i) => i > 0 && ns > 0)
  const sums = clippedDurations(trace, ownership.device, windows)
  const rows = OWNERS.map((owner, index): LedgerOwner => {
    if (!isIdle(index)) return { owner, ns: owned[index]!, hiddenNs: sums[index]! - owned[index]! }
    return owner === 'idle/unknown' && reasons.length > 0
      ? { owner, ns: owned[index]!, reasons }
      : { owner, ns: owned[index]! }
  })
  return {
    device: ownership.device,
    name: deviceTitle(trace, ownership.device),
    windowsNs: windows.map(([a, b]) => [a, b]),
    wallNs: lengthOf(windows),
    owners: rows.filter((one) => one.ns > 0 || (one.hiddenNs ?? 0) > 0),
    phases: byPhase
      .flatMap((times, phase) =>
        times === undefined
          ? []
          : OWNERS.map((owner, index) => ({ phase: paths[phase]!, owner, ns: times[index]! })),
      )
      .filter((one) => one.ns > 0)
      .sort((a, b) => b.ns - a.ns),
  }
}

interface OwnedTimes {
  /** Of each phase that has any, by owner. */
  byPhase: (Float64Array | undefined)[]
  /** Of unknown owners, as an index into the partition's reasons. */
  byReason: Float64Array
}

function ownedTimes(
  ownership: Ownership,
  windows: readonly Window[],
  phases: Uint32Array,
  phaseCount: number,
): OwnedTimes {
  const { owner, op, reason, reasons } = ownership
  const byPhase = Array.from({ length: phaseCount }, (): Float64Array | undefined => undefined)
  const byReason = new Float64Array(reasons.length)
  for (const piece = new OwnedPieces(ownership, windows); piece.next();) {
    const i = piece.segment
    const phase = op[i] === NONE ? 0 : phases[op[i]!]!
    const times = (byPhase[phase] ??= new Float64Array(OWNERS.length))
    times[owner[i]!]! += piece.length
    if (reason[i] !== 0) byReason[reason[i]!]! += piece.length
  }
  return { byPhase, byReason }
}

/** What tells a device from the others: its name, with its number where others are called the same. */
export function deviceTitle(trace: Trace, device: number): string {
  const name = deviceName(trace, device)
  const others = Array.from({ length: trace.device.length }, (_, row) => row).filter((row) => row !== device)
  return others.some((row) => deviceName(trace, row) === name) ? `${name} (${trace.device.id[device]})` : name
}

/** What a device is called; by its number where no list of devices names it. */
export function deviceName(trace: Trace, device: number): string {
  const name = trace.device.name?.[device] ?? NONE
  return name === NONE ? `GPU ${trace.device.id[device]}` : trace.strings[name]!
}
