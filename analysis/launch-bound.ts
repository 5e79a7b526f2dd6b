/**
 * Whether a device waits for launches: judged by the time that it idled for the host, never by how long launched work queued.
 */
import { formatNs, formatShare } from '../trace/number-format.ts'
import type { Trace } from '../trace/trace.ts'
import { busiest } from './device-work.ts'
import { deviceTitle, ledgerOf } from './ledger.ts'
import { ownerships } from './ownership.ts'
import type { Ownership } from './ownership.ts'
import type { WindowChoice } from './windows.ts'

/** Idle shares above this make a stretch launch-bound. */
export const LAUNCH_BOUND_SHARE = 0.05

/** Idle time of the busiest device that launches are to blame for, in the stretch from its first to its last op. */
export interface LaunchIdle {
  device: number
  /** The window without what lies before the device's first and after its last op: there nothing waits. */
  wallNs: number
  launchCallNs: number
  submissionLatencyNs: number
  hostWorkNs: number
  /** Σ of the three. */
  launchIdleNs: number
  /** Idle time whose cause the capture does not hold. */
  unknownNs: number
}

/** null where no device has an op of positive length in the window. */
export function idleForLaunches(trace: Trace, choice: WindowChoice): LaunchIdle | null {
  const device = busiest(trace)
  const ownership = ownerships(trace).find((one) => one.device === device)
  return ownership === undefined ? null : idleOf(trace, ownership, choice)
}

function idleOf(trace: Trace, ownership: Ownership, choice: WindowChoice): LaunchIdle | null {
  const { owners, wallNs } = ledgerOf(trace, ownership, choice)
  const of = (owner: string): number => owners.find((one) => one.owner === `idle/${owner}`)?.ns ?? 0
  const active = wallNs - of('before-first') - of('after-last')
  if (active === 0) return null
  const parts = {
    launchCallNs: of('launch-call'),
    submissionLatencyNs: of('submission-latency'),
    hostWorkNs: of('host-work'),
  }
  return {
    device: ownership.device,
    wallNs: active,
    ...parts,
    launchIdleNs: parts.launchCallNs + parts.submissionLatencyNs + parts.hostWorkNs,
    unknownNs: of('unknown'),
  }
}

/** null where it cannot be told: nothing was launched, or idle time of unknown cause would decide. */
export function isLaunchBound(idle: LaunchIdle | null, launchCount: number): boolean | null {
  if (idle === null || launchCount === 0) return null
  const limit = LAUNCH_BOUND_SHARE * idle.wallNs
  if (idle.launchIdleNs > limit) return true
  return idle.launchIdleNs + idle.unknownNs > limit ? null : false
}

/** Where launching itself is less than this share of the idle time for the host, the host was busy with something else. */
const LAUNCHING_SHARE = 0.1

/** What a stretch is called that idles for the host: where hardly any of it is launching, faster launches would not help. */
export const boundName = (idle: LaunchIdle): 'launch-bound' | 'host-bound' =>
  idle.launchCallNs + idle.submissionLatencyNs < LAUNCHING_SHARE * idle.launchIdleNs
    ? 'host-bound'
    : 'launch-bound'

/** The verdict as a sentence without a capital: of the busiest device, then of the others. */
export function launchVerdict(
  trace: Trace,
  choice: WindowChoice,
  idle: LaunchIdle | null,
  launchCount: number,
  bound: boolean | null,
): string {
  if (idle === null) return 'unknown (no device op of positive length)'
  if (launchCount === 0) return 'unknown (no launches recorded)'
  const name = deviceTitle(trace, idle.device)
  if (bound === null)
    return `unknown (${name} idled ${formatShare(idle.unknownNs, idle.wallNs)} of the time for causes that were not recorded)`
  const stretch = choice.iteration === undefined ? ' from its first to its last op' : ''
  const parts = `host work ${formatNs(idle.hostWorkNs)}, launch calls ${formatNs(idle.launchCallNs)}, submission latency ${formatNs(idle.submissionLatencyNs)}`
  return `${bound ? boundName(idle) : 'not launch-bound'}: ${name} idled ${formatShare(idle.launchIdleNs, idle.wallNs)} of the ${formatNs(idle.wallNs)}${stretch} for the host (${parts})${others(trace, choice, idle)}`
}

/** The same share of the other devices that worked. */
function others(trace: Trace, choice: WindowChoice, { device }: LaunchIdle): string {
  const shares = ownerships(trace)
    .filter((one) => one.device !== device)
    .map((one) => idleOf(trace, one, choice))
    .filter((idle) => idle !== null)
    .map((idle) => `${deviceTitle(trace, idle.device)} ${formatShare(idle.launchIdleNs, idle.wallNs)}`)
  return shares.length === 0 ? '' : `; ${shares.join(', ')}`
}
