/** Host times that mislead, and the longest time in which nothing ran. */
import { formatInstant, formatNs } from '../../trace/number-format.ts'
import { several } from '../several.ts'
import type { Trace } from '../../trace/trace.ts'
import { longestGapOf } from '../gaps.ts'
import { iterationsOf } from '../iterations.ts'
import { ledgerOf } from '../ledger.ts'
import { ownerships } from '../ownership.ts'
import { phaseTree } from '../phase-tree.ts'
import { syncs } from '../syncs.ts'
import type { WindowChoice } from '../windows.ts'
import { causeWords } from './length.ts'
import { launchesOf, phaseName, saidOf, stretchOf } from './stretch.ts'
import type { Sentence } from './stretch.ts'

/** A wait shorter than this share of the stretch misleads nobody. */
const WAIT_SHARE = 0.01

/** A CPU range that is several times its device time because it waits for another phase's work. */
export function misleadingRange(trace: Trace): Sentence[] {
  const stretch = stretchOf(trace)
  if (stretch === undefined || trace.range.length === 0) return []
  const choice = stretch.hostChoice
  const device = deviceTimes(trace, choice)
  const cpu = cpuTimes(trace, choice)
  const worst = syncs
    .compute(trace, choice)
    .syncs.map((row) => ({ ...row, cpuNs: cpu.get(row.phase) ?? 0, ns: device.get(row.phase) ?? 0 }))
    .filter((row) => row.totalNs > 0.5 * row.cpuNs && row.cpuNs > 2 * row.ns)
    .filter((row) => row.totalNs > WAIT_SHARE * stretch.ledger.wallNs)
    .filter(({ waitedFor: [most], phase }) => most !== undefined && !`${most.phase}/`.startsWith(`${phase}/`))
    .toSorted((a, b) => b.cpuNs - a.cpuNs)[0]
  const most = worst?.waitedFor[0]
  if (worst === undefined || most === undefined) return []
  const theirs = device.get(most.phase) ?? 0
  const others = theirs === 0 ? '' : ` (${formatNs(theirs)} on the device)`
  const text =
    `CPU ranges mislead here: ${phaseName(worst.phase)} spans ${formatNs(worst.cpuNs)} by CPU range${onThreads(trace, worst.phase)} but ${formatNs(worst.ns)} on the device, ` +
    `because it waits ${formatNs(worst.totalNs)} in ${several(worst.count, 'blocking sync')}, ${formatNs(most.ns)} of it for ${phaseName(most.phase)}${others}.`
  return [saidOf(trace, choice, text, 'syncs')]
}

/** Ranges of several threads add up to more than the time that passed: then that is said. */
function onThreads(trace: Trace, path: string): string {
  const { indexOf, phaseOfRange, isInstance } = phaseTree(trace)
  const phase = indexOf.get(path)
  const threads = new Set<number>()
  for (let row = 0; row < isInstance.length; row++)
    if (isInstance[row] === 1 && phaseOfRange[row] === phase) threads.add(trace.range.thread[row]!)
  return threads.size > 1 ? `, ${threads.size} threads together,` : ''
}

/** Device time of each phase, what is inside it included, over all devices. */
function deviceTimes(trace: Trace, choice: WindowChoice): Map<string, number> {
  const { indexOf, parentOf, paths } = phaseTree(trace)
  const times = new Map<string, number>()
  for (const ownership of ownerships(trace))
    for (const { phase, owner, ns } of ledgerOf(trace, ownership, choice).phases) {
      if (!owner.startsWith('busy/')) continue
      let at = indexOf.get(phase)!
      do times.set(paths[at]!, (times.get(paths[at]!) ?? 0) + ns)
      while (at !== 0 && (at = parentOf[at]!) !== 0)
    }
  return times
}

/** Σ of the CPU ranges of each phase that begin in an iteration, or in the capture. */
function cpuTimes(trace: Trace, { iteration }: WindowChoice): Map<string, number> {
  const { paths, phaseOfRange, isInstance } = phaseTree(trace)
  const { start, duration } = trace.range
  const one = iteration === undefined ? undefined : iterationsOf(trace).all[iteration]
  const [from, to] =
    one === undefined ? [-Infinity, Infinity] : [one.cpuStart, one.cpuStart + one.cpuDuration]
  const sums = new Float64Array(paths.length)
  for (let row = 0; row < start.length; row++)
    if (isInstance[row] === 1 && start[row]! >= from && start[row]! <= to)
      sums[phaseOfRange[row]!]! += duration[row]!
  return new Map(paths.map((path, phase) => [path, sums[phase]!]))
}

/** Raw launch cost that is back-pressure. */
export function backPressure(trace: Trace): Sentence[] {
  const stretch = stretchOf(trace)
  if (stretch === undefined) return []
  const total = launchesOf(trace)
  if (total.launches === 0 || total.backPressureNs < 0.2 * total.rawNs) return []
  const other =
    total.overheadNs < 0.01 * total.rawNs
      ? ''
      : `, and ${formatNs(total.overheadNs)} in loading and the profiler`
  const text =
    `${several(total.launches, 'launch', 'launches')} cost the host ${formatNs(total.rawNs)} raw, but ${formatNs(total.correctedNs)} without ` +
    `the ${formatNs(total.backPressureNs)} blocked on a full launch queue${other}. A full queue costs nothing while the device is busy.`
  return [saidOf(trace, stretch.hostChoice, text, 'launches')]
}

/** A gap is worth a word where all idle time takes this share. */
const IDLE_SHARE = 0.005

export function longestGap(trace: Trace): Sentence[] {
  const stretch = stretchOf(trace)
  if (stretch === undefined || stretch.idleNs < IDLE_SHARE * stretch.ledger.wallNs) return []
  const ownership = ownerships(trace).find(({ device }) => device === stretch.ledger.device)
  const gap = ownership && longestGapOf(trace, ownership, stretch.choice)
  const main = gap?.causes.toSorted((a, b) => b.ns - a.ns)[0]
  if (gap === undefined || main === undefined) return []
  const cause =
    main.cause === 'unknown' ? `of unknown cause: ${main.reason}` : `mostly ${causeWords(main.cause)}`
  const by = main.evidence?.name ? ` (${main.evidence.name})` : ''
  const text = `The longest gap of ${stretch.name}, ${formatNs(gap.durNs)} at ${formatInstant(gap.startNs)}, is ${cause}${by}.`
  return [saidOf(trace, stretch.choice, text, 'gaps')]
}
