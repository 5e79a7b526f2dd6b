/** In which recorded facts two runs differ. */
import type { RunInfo } from '../../../trace/api.ts'
import type { DiffAnswer } from '../../../trace/diff-api.ts'
import { flatFacts } from '../../lib/run-words.ts'

interface Iteration {
  readonly index: number
  readonly kernels: number
  readonly ops: number
}
/** What is looked at of a side. */
export interface Captured {
  readonly run: Pick<RunInfo, 'facts' | 'devices'>
  readonly summary: {
    readonly iterations: { readonly all: readonly Iteration[]; readonly representative?: number | null }
  }
}

/** What was measured, and so always differs: it is the result, not the experiment. */
const MEASURED = /\b(ns|ms|percent|bytes|rss|error)\b/i

/**
 * Facts in which two runs differ: those that say whether they are comparable as the diff words them, then the others. Times
 * and names of files always differ and say nothing.
 */
export function differences(
  base: Captured,
  candidate: Captured,
  weighed: DiffAnswer['comparable']['differences'],
): { fact: string; base: string; candidate: string }[] {
  const [a, b] = [flatFacts(factsOf(base)), flatFacts(factsOf(candidate))]
  const others = [...new Set([...a.keys(), ...b.keys()])]
    .filter((fact) => a.get(fact) !== b.get(fact) && !MEASURED.test(fact))
    .filter((fact) => !weighed.some(({ what }) => what === fact))
    .map((fact) => ({ fact, base: a.get(fact) ?? '—', candidate: b.get(fact) ?? '—' }))
  return [...weighed.map((one) => ({ fact: one.what, base: one.base, candidate: one.candidate })), ...others]
}

function factsOf(side: Captured): Record<string, unknown> {
  const { run, summary } = side
  // What the diff weighs is told by the diff, from what the captures hold: the setting for graphs is not what was captured.
  const {
    utcEpochNs: _utc,
    originNs: _origin,
    graphMode: _graphs,
    driverVersion: _driver,
    toolVersion: _tool,
    ...facts
  } = run.facts
  return {
    devices: run.devices.map((device) => device.name).join(', '),
    iterations: summary.iterations.all.length,
    'kernels of the median iteration': medianOf(side)?.kernels ?? 'no iteration',
    'device ops of the median iteration': medianOf(side)?.ops ?? 'no iteration',
    ...facts,
  }
}

const medianOf = ({ summary: { iterations } }: Captured): Iteration | undefined =>
  iterations.all.find((one) => one.index === iterations.representative)
