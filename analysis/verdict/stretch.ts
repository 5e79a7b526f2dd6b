/**
 * What the sentences of a verdict are about: the busiest device, and its representative iteration; without one, the time from
 * its first to its last kernel. Loading before and writing results after are no part of the work, and shares of them mislead.
 */
import { formatNs } from '../../trace/number-format.ts'
import type { Trace } from '../../trace/trace.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import { derived } from '../derived.ts'
import { busiest } from '../device-work.ts'
import { iterationsOf } from '../iterations.ts'
import { launchSums } from '../launches.ts'
import type { LaunchSums } from '../launches.ts'
import { deviceTitle, ledgerOf } from '../ledger.ts'
import type { DeviceLedger } from '../ledger.ts'
import { isIdle, ownerships } from '../ownership.ts'
import type { Ownership } from '../ownership.ts'
import { outsideName } from '../analysis.ts'
import { OUTSIDE } from '../phase-tree.ts'
import { WINDOW_PARAMETERS } from '../windows.ts'
import type { WindowChoice } from '../windows.ts'

export interface Sentence {
  text: string
  /** The analysis that is its evidence, and the parameters it was asked with, by their outside names. */
  evidence: { analysis: string; parameters: Readonly<Record<string, string | number>> }
}

export interface Stretch {
  /** The device's name. */
  name: string
  /** An iteration, or from its first to its last kernel. */
  choice: WindowChoice
  /** The same for what hosts do: the iteration, or everything. */
  hostChoice: WindowChoice
  /** "iteration 2", "the 1.24 s from its first to its last kernel". */
  where: string
  ledger: DeviceLedger
  busyNs: number
  idleNs: number
}

/** undefined where no device did anything. */
export const stretchOf = derived((trace): Stretch | undefined => {
  const device = busiest(trace)
  const ownership = ownerships(trace).find((one) => one.device === device)
  if (ownership === undefined) return undefined
  const { representative } = iterationsOf(trace)
  // An iteration that launched nothing has no time on the device: then it is the capture after all.
  const iteration = representative === undefined ? undefined : { iteration: representative }
  const ofIteration = iteration && ledgerOf(trace, ownership, iteration)
  const isEmpty = ofIteration === undefined || ofIteration.wallNs === 0
  const whole = isEmpty ? active(trace, ownership) : undefined
  const choice = whole?.choice ?? iteration!
  const ledger = ofIteration === undefined || isEmpty ? ledgerOf(trace, ownership, choice) : ofIteration
  const busyNs = ledger.owners.reduce((sum, one) => (one.owner.startsWith('busy/') ? sum + one.ns : sum), 0)
  return {
    name: deviceTitle(trace, ownership.device),
    choice,
    hostChoice: isEmpty ? {} : choice,
    where:
      whole === undefined
        ? `iteration ${representative}`
        : `the ${formatNs(ledger.wallNs)} from its first to its last ${whole.of}`,
    ledger,
    busyNs,
    idleNs: ledger.wallNs - busyNs,
  }
})

/** All its launches, on the host's side. */
export const launchesOf = derived((trace): LaunchSums =>
  launchSums(trace, stretchOf(trace)?.hostChoice ?? {}),
)

/** From its first to its last kernel (graph, node); of copies and sets, where it ran nothing else. */
function active(trace: Trace, { start, owner, op, end }: Ownership): { choice: WindowChoice; of: string } {
  const { kind } = trace.device_op
  const isKernel = (i: number): boolean => !isIdle(owner[i]!) && !isMemory(kind[op[i]!]!)
  const isBusy = (i: number): boolean => !isIdle(owner[i]!)
  const has = owner.some((_, i) => isKernel(i))
  const wanted = has ? isKernel : isBusy
  let first = 0
  while (!wanted(first)) first++
  let last = owner.length - 1
  while (!wanted(last)) last--
  const isNode = has && kind[op[first]!] === DeviceOpKind.node
  return {
    choice: { from: start[first]!, to: start[last + 1] ?? end },
    of: has && !isNode ? 'kernel' : 'op',
  }
}

const isMemory = (kind: number): boolean => kind === DeviceOpKind.copy || kind === DeviceOpKind.set

/** A sentence and the analysis that shows it. */
export const said = (text: string, analysis: string): Sentence => ({
  text,
  evidence: { analysis, parameters: {} },
})

/** A sentence and the windowed analysis that shows it. */
export function saidOf(trace: Trace, choice: WindowChoice, text: string, analysis: string): Sentence {
  const parameters: Record<string, string | number> = {}
  for (const [name, spec] of Object.entries(WINDOW_PARAMETERS)) {
    const value = choice[name as keyof WindowChoice]
    if (value !== undefined) parameters[outsideName(name, spec)] = value
  }
  // Unless told so, a page would show the representative iteration.
  const isWhole = Object.keys(parameters).length === 0 && iterationsOf(trace).all.length > 0
  return { text, evidence: { analysis, parameters: isWhole ? { window: 'capture' } : parameters } }
}

/** The last name of a phase's path; words for what has none. */
export const phaseName = (path: string): string =>
  path === OUTSIDE ? 'work launched outside ranges' : path.split('/').at(-1)!
