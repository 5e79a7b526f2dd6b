/**
 * What limits a phase: the device's arithmetic or its memory, or what made the device wait before its work: launches, syncs,
 * its input, allocation and loading. Idle time decides first: a phase that waited is limited by no peak.
 */
import { BUSY_CLASSES, MATRIX_CLASSES } from './kernel-class.ts'
import type { BusyClass } from './kernel-class.ts'
import { LAUNCH_BOUND_SHARE } from './launch-bound.ts'
import { BEFORE_INPUT } from './owners-of-groups.ts'
import type { OwnerSums } from './owners-of-groups.ts'
import { isIdle, OWNERS } from './ownership.ts'

export type Bound = 'compute' | 'bandwidth' | 'launch' | 'sync' | 'input' | 'setup' | 'unclear' | 'unknown'

/** What is judged. */
export interface Judged {
  /** Of the phase, in ns. */
  owners: OwnerSums
  /** Shares of peak over its busy time, 0 to 1 and beyond; null where they are not known, and why. */
  ofPeak: number | null
  ofBandwidth: number | null
  whyNoPeak: string
  /** "bf16 matrix rate", as the sentence names the peak. */
  peakName: string
  /** The device is an in-process runtime's: classes of its nodes tell nothing about its memory. */
  isRuntime: boolean
}

/** What the idle causes of each bound are; all others bind nothing that has a name. Launch as in the launch-bound verdict. */
const IDLE: readonly (readonly [Bound, readonly string[]])[] = [
  ['launch', ['launch-call', 'submission-latency', 'host-work']],
  ['sync', ['sync-turnaround']],
  ['input', ['blocking-copy', 'os-wait']],
  ['setup', ['module-load', 'alloc']],
]
const BOUND_OF_IDLE: readonly Bound[] = [...OWNERS.keys()].map(
  (owner) =>
    IDLE.find(([, causes]) => causes.some((cause) => OWNERS[owner] === `idle/${cause}`))?.[0] ?? 'unclear',
)

/** Above this share of peak a phase is called compute-bound (or bandwidth-bound). */
const NEAR_PEAK = 0.5
/** Classes whose kernels do little but read and write device memory. */
const MEMORY: readonly BusyClass[] = [
  'normalisation',
  'elementwise',
  'layout',
  'reduction',
  'memcpy-d2d',
  'memset',
]
/** A kind of kernel that takes more than this share of busy time dominates. */
const MOSTLY = 0.5

export function boundOf(one: Judged): { bound: Bound; why: string; impossible: boolean } {
  const most = Math.max(one.ofPeak ?? 0, one.ofBandwidth ?? 0)
  if (most > 1)
    return {
      bound: 'unknown',
      why: `more than the device can do (${percent(most)} of peak): the time or the workload is wrong`,
      impossible: true,
    }
  return { ...(boundByIdle(one) ?? boundByWork(one)), impossible: false }
}

interface Answer {
  bound: Bound
  why: string
}

/** The largest group of idle causes, if it takes more of busy and idle time than makes a run launch-bound. */
function boundByIdle({ owners }: Judged): Answer | undefined {
  const whole = owners.reduce((sum, ns) => sum + ns, 0)
  const idle = [...owners.entries()].filter(
    ([owner, ns]) => ns > 0 && (owner === BEFORE_INPUT || isIdle(owner)),
  )
  const groups = new Map<Bound, number>()
  for (const [owner, ns] of idle) {
    const bound = owner === BEFORE_INPUT ? 'input' : BOUND_OF_IDLE[owner]!
    groups.set(bound, (groups.get(bound) ?? 0) + ns)
  }
  const [bound, ns] = [...groups].sort(([, a], [, b]) => b - a)[0] ?? ['unclear', 0]
  if (ns <= LAUNCH_BOUND_SHARE * whole) return undefined
  const all = idle.reduce((sum, [, time]) => sum + time, 0)
  const causes = idle
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([owner, time]) => `${causeName(owner)} ${percent(time / whole)}`)
  return { bound, why: `idle ${percent(all / whole)} before its work: ${causes.join(', ')}` }
}

const causeName = (owner: number): string =>
  owner === BEFORE_INPUT
    ? 'before copies from the host'
    : OWNERS[owner]!.slice('idle/'.length).replaceAll('-', ' ')

/** Shares of peaks first; then what kind of kernel took the time. */
function boundByWork(one: Judged): Answer {
  const { ofPeak, ofBandwidth, peakName, owners } = one
  const work = split(owners)
  if (work.busyNs === 0) return { bound: 'unknown', why: 'no device work' }
  if (ofPeak !== null && ofPeak >= NEAR_PEAK)
    return { bound: 'compute', why: `${percent(ofPeak)} of the peak ${peakName}` }
  if ((ofBandwidth ?? 0) >= NEAR_PEAK)
    return { bound: 'bandwidth', why: `${percent(ofBandwidth!)} of the peak bandwidth at least` }
  const reached = ofPeak === null ? '' : `; ${percent(ofPeak)} of the peak ${peakName}`
  if (work.memory > MOSTLY && !one.isRuntime)
    return { bound: 'bandwidth', why: `by kernel class: ${work.text}${reached}` }
  if (ofPeak === null) return { bound: 'unknown', why: `${one.whyNoPeak}; ${work.text}` }
  const whileMatrix = ofPeak / work.matrix
  if (work.matrix > MOSTLY && whileMatrix >= NEAR_PEAK)
    return { bound: 'compute', why: `${work.text}, at ${percent(whileMatrix)} of the peak ${peakName}` }
  return { bound: 'unclear', why: `${work.text}${reached}` }
}

/** Shares of busy time, and in words: "33 % of busy time in matrix kernels, 67 % in elementwise, layout and norm kernels". */
function split(owners: OwnerSums): { busyNs: number; matrix: number; memory: number; text: string } {
  const busy = BUSY_CLASSES.map((name, i) => ({ name: name as string, ns: owners[i]! })).filter(
    ({ ns }) => ns > 0,
  )
  const busyNs = busy.reduce((sum, { ns }) => sum + ns, 0)
  const kind = (among: readonly string[]) => {
    const mine = busy.filter(({ name }) => among.includes(name)).sort((a, b) => b.ns - a.ns)
    return {
      share: mine.reduce((sum, { ns }) => sum + ns, 0) / busyNs,
      names: mine.slice(0, 3).map(({ name }) => name),
    }
  }
  const [matrix, memory] = [kind(MATRIX_CLASSES), kind(MEMORY)]
  const rest = 1 - matrix.share - memory.share
  const text = [
    `${percent(matrix.share)} of busy time in matrix kernels`,
    ...(memory.share > 0 ? [`${percent(memory.share)} in ${listed(memory.names)} work`] : []),
    ...(rest > 0.005 ? [`${percent(rest)} in other work`] : []),
  ].join(', ')
  return { busyNs, matrix: matrix.share, memory: memory.share, text }
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
