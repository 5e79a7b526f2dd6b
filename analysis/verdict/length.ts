/** How long one iteration takes, and whether its device waits for the host. */
import { formatCount, formatNs, formatShare } from '../../trace/number-format.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { busiest } from '../device-work.ts'
import { iterationsOf, warmOf } from '../iterations.ts'
import type { Iteration } from '../iterations.ts'
import { boundName, idleForLaunches, isLaunchBound } from '../launch-bound.ts'
import type { LaunchIdle } from '../launch-bound.ts'
import { addedBy } from '../phase-source.ts'
import { hasKernels } from './held.ts'
import { launchesOf, said, saidOf, stretchOf } from './stretch.ts'
import type { Sentence, Stretch } from './stretch.ts'

/** Device spans of the warm iterations. */
export function length(trace: Trace): Sentence[] {
  const found = iterationsOf(trace)
  const stretch = stretchOf(trace)
  const device = busiest(trace)
  // The "wall" of an iteration without work on the device is its CPU range: no span, and not spoken of.
  const hasSpan = (one: Iteration): boolean => one.spans.some((span) => span.device === device)
  const one = found.all[found.representative ?? -1]
  if (stretch === undefined || one === undefined || !hasSpan(one)) return []
  const walls = warmOf(found)
    .filter(hasSpan)
    .map(({ wall }) => wall)
    .sort((a, b) => a - b)
  const spread =
    walls.length > 1
      ? ` (${formatNs(walls[0]!)} to ${formatNs(walls.at(-1)!)} over ${walls.length} warm ones)`
      : ''
  const [reason, ...others] = found.warmUp
  const also = others.length === 0 ? '' : `; also ${others.map((text) => text.split(':')[0]).join(', ')}`
  const cold =
    reason === undefined
      ? ''
      : ` The first of ${formatCount(found.all.length)} was warm-up: ${reason}${also}.`
  const told = addedBy(trace, one.range) === undefined ? '' : ', as attention grids tell it,'
  return [
    said(
      `One ${found.name}${told} takes ${formatNs(one.wall)} on ${stretch.name}${spread}.${cold}`,
      'summary',
    ),
  ]
}

/** Idle time worth a word. */
const IDLE_SHARE = 0.01

/** Busy share, and whether idle time is the host's fault. */
export function boundness(trace: Trace): Sentence[] {
  const stretch = stretchOf(trace)
  if (stretch === undefined || !hasKernels(trace)) return []
  const { name, where, choice, ledger, busyNs, idleNs } = stretch
  const idle = idleForLaunches(trace, choice)
  const bound = isLaunchBound(idle, launchesOf(trace).launches)
  const matters = idleNs > IDLE_SHARE * ledger.wallNs
  const text = `${name} is busy ${formatShare(busyNs, ledger.wallNs)} of ${where}.${boundText(trace, idle, bound)}${matters ? mainCause(stretch, bound) : ''}`
  return [saidOf(trace, choice, text, 'ledger')]
}

/** The largest cause of idle time, where the sentence before does not name it. */
function mainCause({ ledger, idleNs }: Stretch, bound: boolean | null): string {
  const main = ledger.owners.filter((one) => one.owner.startsWith('idle/')).toSorted((a, b) => b.ns - a.ns)[0]
  if (main === undefined || (bound === true && OF_THE_HOST.includes(main.owner))) return ''
  const share = main.ns > idleNs / 2 ? 'mostly' : 'for the largest part'
  return ` Idle time is ${share} ${causeWords(main.owner)} (${formatNs(main.ns)} of ${formatNs(idleNs)}).`
}
const OF_THE_HOST = ['idle/launch-call', 'idle/submission-latency', 'idle/host-work']

function boundText(trace: Trace, idle: LaunchIdle | null, bound: boolean | null): string {
  // Where a program runs its nodes itself nothing is launched.
  if (idle === null || trace.device_op.kind.includes(DeviceOpKind.node)) return ''
  if (bound === null)
    return ` Whether it is launch-bound is not known: ${idle.unknownNs > 0 ? 'launches before idle time are missing' : 'no launches were recorded'}.`
  const share = `the device idles ${formatShare(idle.launchIdleNs, idle.wallNs)} of it for the host`
  if (!bound) return ` The run is not launch-bound: ${share}.`
  const [cause, ns] = largestCause(idle)
  const most = ns > idle.launchIdleNs / 2 ? 'most of it' : 'the largest part'
  // What the host did between launches may be anything: reading input, say. Then launching itself is told apart.
  const launching =
    cause === 'host work'
      ? `, ${formatNs(idle.launchCallNs + idle.submissionLatencyNs)} in launching itself`
      : ''
  return ` The run is ${boundName(idle)}: ${share}, ${most} in ${cause} (${formatNs(ns)})${launching}.`
}

/** Only these three are the host's: never the time before the first op or after the last. */
const largestCause = (idle: LaunchIdle): [string, number] =>
  (
    [
      ['host work', idle.hostWorkNs],
      ['launch calls', idle.launchCallNs],
      ['submission latency', idle.submissionLatencyNs],
    ] as [string, number][]
  ).toSorted((a, b) => b[1] - a[1])[0]!

export const causeWords = (owner: string): string => owner.replace('idle/', '').replaceAll('-', ' ')
