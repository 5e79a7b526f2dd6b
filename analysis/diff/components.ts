/** The before/after table that people write by hand: components, their times, how many times faster. */
import { callsOf, measure, phasesCalled, sampleOf } from '../metrics/measure.ts'
import { phaseTree } from '../phase-tree.ts'
import { UserError } from '../../trace/errors.ts'
import { judge } from './judge.ts'
import type { Judged, Warm } from './judge.ts'
import { intervalOf, Resampler } from './noise.ts'
import type { Side } from './side.ts'

export interface Component extends Judged {
  component: string
  /** Busy time in the representative iteration; null where the side has no such phase. */
  baseNs: number | null
  candidateNs: number | null
  /** How often it ran in that iteration. */
  baseCalls: number
  candidateCalls: number
  /** Device ops of it in that iteration: kernels, copies, sets; nodes of an ONNX Runtime profile. */
  baseOps: number
  candidateOps: number
  /** base / candidate. */
  speedup: number | null
}

/** One row a phase (all of both sides where none are named), the whole iteration last. */
export function components(base: Warm, candidate: Warm, names?: readonly string[]): Component[] {
  const chosen = names ?? phasesOfBoth(base, candidate)
  for (const name of chosen)
    if (![base, candidate].some(({ side }) => phasesCalled(side.trace, name).length > 0))
      throw new UserError(
        'bad-request',
        `no phase "${name}" on either side; there are ${phasesOfBoth(base, candidate).slice(0, 12).join(', ')}`,
      )
  return [
    ...chosen.map((name) => row(name, base, candidate, name)),
    row('whole iteration', base, candidate, undefined),
  ]
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
  return {
    component,
    baseNs,
    candidateNs,
    baseCalls: phase === undefined ? 1 : callsOf(base.side, phase),
    candidateCalls: phase === undefined ? 1 : callsOf(candidate.side, phase),
    baseOps: opsOf(base.side, phase),
    candidateOps: opsOf(candidate.side, phase),
    speedup: baseNs === null || candidateNs === null || candidateNs === 0 ? null : baseNs / candidateNs,
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
