/**
 * What limits a phase: the device's arithmetic or its memory, or what made the device wait before its work: launches, syncs,
 * or its input. Idle time decides first: a phase that mostly waited is limited by no peak.
 */

export type Bound = 'compute' | 'bandwidth' | 'launch' | 'sync' | 'input' | 'unclear' | 'unknown'

/** What is judged. Times are ns. */
export interface Judged {
  busyNs: number
  /** Idle device time before the phase's work; of it, what input took: copies from the host, blocking copies, waits in the OS. */
  idleNs: number
  inputIdleNs: number
  launchNs: number
  syncNs: number
  /** Shares of peak, 0 to 1 and beyond; null where they are not known, and why. */
  ofPeak: number | null
  ofBandwidth: number | null
  whyNoPeak: string
  /** "bf16 matrix rate", as the sentence names the peak. */
  peakName: string
  /** The device is an in-process runtime's, which launches nothing. */
  isRuntime: boolean
}

/** A phase that idles longer than this share of busy + idle is bound by what made the device wait. */
const IDLE_SHARE = 0.2
/** Above this share of peak a phase is called compute-bound (or bandwidth-bound). */
const NEAR_PEAK = 0.5

export function boundOf(one: Judged): { bound: Bound; why: string; impossible: boolean } {
  const most = Math.max(one.ofPeak ?? 0, one.ofBandwidth ?? 0)
  if (most > 1)
    return {
      bound: 'unknown',
      why: `more than the device can do (${percent(most)} of peak): the time or the workload is wrong`,
      impossible: true,
    }
  return { ...possibleBound(one), impossible: false }
}

function possibleBound(one: Judged): { bound: Bound; why: string } {
  if (one.busyNs === 0) return { bound: 'unknown', why: 'no device work' }
  const idle = one.idleNs / (one.idleNs + one.busyNs)
  if (idle > IDLE_SHARE) return idleBound(one, idle)
  if (one.ofPeak === null) return { bound: 'unknown', why: one.whyNoPeak }
  if (one.ofPeak >= NEAR_PEAK)
    return { bound: 'compute', why: `${percent(one.ofPeak)} of the peak ${one.peakName}` }
  if ((one.ofBandwidth ?? 0) >= NEAR_PEAK)
    return { bound: 'bandwidth', why: `${percent(one.ofBandwidth!)} of the peak bandwidth at least` }
  return {
    bound: 'unclear',
    why: `${percent(one.ofPeak)} of the peak ${one.peakName}: what runs beside matrix products takes the rest`,
  }
}

function idleBound({ idleNs, inputIdleNs, launchNs, syncNs, isRuntime }: Judged, idle: number) {
  const before = `idle ${percent(idle)} before its work`
  if (2 * inputIdleNs > idleNs)
    return {
      bound: 'input' as const,
      why: `${before}, most of it for copies from the host or the operating system`,
    }
  if (syncNs > launchNs && syncNs > idleNs)
    return { bound: 'sync' as const, why: `${before}, and its ranges wait in syncs` }
  return {
    bound: 'launch' as const,
    why: `${before}: ${isRuntime ? 'the runtime was between two nodes' : 'the host was late'}`,
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
