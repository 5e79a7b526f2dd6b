/** The before/after table that people write by hand: components, their times, how many times faster. */
import { callsOf } from '../metrics/calls.ts'
import { measure, phasesCalled, sampleOf } from '../metrics/measure.ts'
import { phaseTree } from '../phase-tree.ts'
import { UserError } from '../../trace/errors.ts'
import { comparable } from './comparable.ts'
import { judge } from './judge.ts'
import type { Judged, Warm } from './judge.ts'
import { intervalOf, Resampler } from './noise.ts'
import type { Side } from './side.ts'

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

/**
 * One row a phase (all of both sides where none are named), the device span of the iteration (the recorded capture where
 * nothing repeats) last.
 */
export function components(base: Warm, candidate: Warm, names?: readonly string[]): Component[] {
  const chosen = names ?? phasesOfBoth(base, candidate)
  for (const name of chosen)
    if (![base, candidate].some(({ side }) => phasesCalled(side.trace, name).length > 0))
      throw new UserError(
        'bad-request',
        `no phase "${name}" on either side; there are ${phasesOfBoth(base, candidate).slice(0, 12).join(', ')}`,
      )
  const rows = [
    ...chosen.map((name) => row(name, base, candidate, name)),
    row(wholeOf(base, candidate), base, candidate, undefined),
  ]
  if (comparable(base.side, candidate.side).comparable) return rows
  return rows.map((one) => ({ ...one, speedup: null }))
}

/** What the last row's time is of. */
function wholeOf(base: Warm, candidate: Warm): string {
  const [a, b] = [base, candidate].map(({ side }) =>
    side.iteration === undefined ? 'recorded capture, first to last event' : 'device span of the iteration',
  )
  return a === b ? a! : `${a} (base), ${b} (candidate)`
}

function phasesOfBoth(base: Warm, candidate: Warm): string[] {
  return [...new Set([base, candidate].flatMap(({ side }) => phaseTree(side.trace).paths.slice(1)))]
}

function row(component: string, base: Warm, candidate: Warm, phase: string | undefined): Component {
  const quantity =
    phase === undefined
      ? ({ name: 'latency', text: 'latency' } as const)
      : ({ name: 'phase', phase, time: 'busy', text: component } as const)
  const time = ({ side }: Warm): number | null => {
    if (phase !== undefined && phasesCalled(side.trace, phase).length === 0) return null
    const one = measure(side, quantity)
    return 'value' in one ? one.value : null
  }
  const [baseNs, candidateNs] = [time(base), time(candidate)]
  const [x, y] = [base, candidate].map(({ all }) => {
    const found = sampleOf(
      all.filter((mine) => mine.length > 0),
      quantity,
    )
    return 'values' in found ? found.values : []
  })
  const interval = intervalOf(x!, y!, [new Resampler(x!), new Resampler(y!)], [base.floor, candidate.floor])
  const [baseCalls, candidateCalls] = [base, candidate].map(({ side }) =>
    phase === undefined ? 1 : callsOf(side, phase),
  ) as [number, number]
  const isPerCall = baseCalls !== candidateCalls && baseCalls > 0 && candidateCalls > 0
  const scale = isPerCall ? candidateCalls / baseCalls : 1
  return {
    component,
    baseNs,
    candidateNs,
    baseCalls,
    candidateCalls,
    baseOps: opsOf(base.side, phase),
    candidateOps: opsOf(candidate.side, phase),
    speedup:
      baseNs === null || candidateNs === null || candidateNs === 0 ? null : (baseNs / candidateNs) * scale,
    isPerCall,
    ...judge((candidateNs ?? 0) - (baseNs ?? 0), x!, y!, interval),
  }
}

/** Ops of a phase and of the phases inside it. */
function opsOf({ trace, ops, phase, paths }: Side, name: string | undefined): number {
  if (name === undefined) return ops.length
  const called = phasesCalled(trace, name).map((index) => phaseTree(trace).paths[index]!)
  const isInside = paths.map((path) => called.some((one) => path === one || path.startsWith(`${one}/`)))
  return phase.reduce((count, index) => count + (isInside[index] === true ? 1 : 0), 0)
}
