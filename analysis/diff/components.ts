/** The before/after table that people write by hand: components, their times, how many times faster. */
import { callsOf } from '../metrics/calls.ts'
import { measure, sampleOf } from '../metrics/measure.ts'
import { pathsCalled, phasesCalled, phaseTree } from '../phase-tree.ts'
import { UserError } from '../../trace/errors.ts'
import { correctedPaths } from './by-hand.ts'
import type { Pair } from './by-hand.ts'
import { comparable } from './comparable.ts'
import { judge } from './judge.ts'
import type { Judged, Warm } from './judge.ts'
import { intervalOf, Resampler } from './noise.ts'
import type { Sample } from './noise.ts'

export interface Component extends Judged {
  component: string
  /** Busy time in the representative iteration; null where the side has no such phase. */
  baseNs: number | null
  candidateNs: number | null
  /** How often it ran for the device in that iteration. */
  baseCalls: number
  candidateCalls: number
  /** Device ops of it in that iteration: kernels, copies, sets; nodes of an ONNX Runtime profile. */
  baseOps: number
  candidateOps: number
  /**
   * base / candidate; of one call where the numbers of calls differ: 24 calls of 0.5 s against 20 of 0.5 s are no faster.
   * Null where a side has none, and where the runs are not comparable.
   */
  speedup: number | null
  isPerCall: boolean
}

export interface ComponentsAsked {
  /** Phases by path or end of path; all of both sides where not given. */
  names?: readonly string[] | undefined
  /** Phases paired by hand: the candidate's stand beside their partners, under the base's names. */
  pairs?: readonly Pair[]
}

/** One row a phase, the device span of the iteration (the recorded capture where nothing repeats) last. */
export function components(
  base: Warm,
  candidate: Warm,
  { names, pairs = [] }: ComponentsAsked = {},
): Component[] {
  const own = phaseTree(candidate.side.trace).paths
  const shown = pairs.length === 0 ? own : correctedPaths(own, pairs)
  const both = [...new Set([...phaseTree(base.side.trace).paths.slice(1), ...shown.slice(1)])]
  const chosen = names ?? both
  /** What the candidate itself calls it; several phases that end so have that end in common. */
  const ownName = (name: string): string | undefined => {
    if (shown === own) return name
    const [first, ...others] = pathsCalled(shown, name)
    return others.length > 0 ? name : own[first ?? -1]
  }
  const sides = chosen.map((name) => ({ name, of: [named(base, name), named(candidate, ownName(name))] }))
  const unknown = sides.find(({ of }) => of.every((phase) => phase === undefined))
  if (unknown !== undefined)
    throw new UserError(
      'bad-request',
      `no phase "${unknown.name}" on either side; there are ${both.slice(0, 12).join(', ')}`,
    )
  const rows = [
    ...sides.map(({ name, of: [a, b] }) => row(name, { ...base, wanted: a }, { ...candidate, wanted: b })),
    row(wholeOf(base, candidate), { ...base, wanted: WHOLE }, { ...candidate, wanted: WHOLE }),
  ]
  if (comparable(base.side, candidate.side).comparable) return rows
  return rows.map((one) => ({ ...one, speedup: null }))
}

const WHOLE = { name: 'latency', text: 'latency' } as const
/** What is measured of a side; undefined where it has no such phase. */
type Wanted = typeof WHOLE | ReturnType<typeof busyOf> | undefined
type Asked = Warm & { wanted: Wanted }

const busyOf = (phase: string) => ({ name: 'phase', phase, time: 'busy', text: phase }) as const

const named = ({ side }: Warm, name: string | undefined): Wanted =>
  name === undefined || phasesCalled(side.trace, name).length === 0 ? undefined : busyOf(name)

/** What the last row's time is of. */
function wholeOf(base: Warm, candidate: Warm): string {
  const [a, b] = [base, candidate].map(({ side }) =>
    side.iteration === undefined ? 'recorded capture, first to last event' : 'device span of the iteration',
  )
  return a === b ? a! : `${a} (base), ${b} (candidate)`
}

function row(component: string, base: Asked, candidate: Asked): Component {
  const [baseNs, candidateNs] = [timeOf(base), timeOf(candidate)]
  const [x, y] = [samplesOf(base), samplesOf(candidate)]
  const interval = intervalOf(x, y, [new Resampler(x), new Resampler(y)], [base.floor, candidate.floor])
  const [baseCalls, candidateCalls] = [callsAsked(base), callsAsked(candidate)]
  const isPerCall = baseCalls !== candidateCalls && baseCalls > 0 && candidateCalls > 0
  const scale = isPerCall ? candidateCalls / baseCalls : 1
  return {
    component,
    baseNs,
    candidateNs,
    baseCalls,
    candidateCalls,
    baseOps: opsAsked(base),
    candidateOps: opsAsked(candidate),
    speedup:
      baseNs === null || candidateNs === null || candidateNs === 0 ? null : (baseNs / candidateNs) * scale,
    isPerCall,
    ...judge((candidateNs ?? 0) - (baseNs ?? 0), x, y, interval),
  }
}

function timeOf({ side, wanted }: Asked): number | null {
  const one = wanted && measure(side, wanted)
  return one !== undefined && 'value' in one ? one.value : null
}

/** Each warm iteration's; of a phase that is not there, none of the time. */
function samplesOf({ all, wanted }: Asked): Sample {
  const captures = all.filter((mine) => mine.length > 0)
  if (wanted === undefined) return captures.map((mine) => mine.map(() => 0))
  const found = sampleOf(captures, wanted)
  return 'values' in found ? found.values : []
}

const callsAsked = ({ side, wanted }: Asked): number =>
  wanted === undefined ? 0 : wanted.name === 'latency' ? 1 : callsOf(side, wanted.phase)

/** Ops of a phase and of the phases inside it. */
function opsAsked({ side, wanted }: Asked): number {
  if (wanted === undefined) return 0
  const { trace, ops, phase } = side
  if (wanted.name === 'latency') return ops.length
  const { paths } = phaseTree(trace)
  const called = phasesCalled(trace, wanted.phase).map((index) => paths[index]!)
  const isInside = paths.map((path) => called.some((one) => path === one || path.startsWith(`${one}/`)))
  return phase.reduce((count, index) => count + (isInside[index] === true ? 1 : 0), 0)
}
