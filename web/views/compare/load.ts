/** What a comparison of two runs is made of: each side's summary, ledger of its window, and phases. */
import type { RunInfo } from '../../../trace/api.ts'
import { busiestOf } from '../../lib/answers.ts'
import type { Answer, DeviceLedger, PhaseRow } from '../../lib/answers.ts'
import { client } from '../../lib/client.ts'
import { flatFacts } from '../../lib/run-words.ts'
import { windowChoice, windowName } from '../../lib/window-choice.ts'
import type { WindowQuery } from '../../lib/window-choice.ts'

export interface Side {
  readonly run: RunInfo
  readonly summary: Answer<'summary'>
  /** "iteration 2", "the capture". */
  readonly window: string
  /** Of the busiest device; undefined where no device worked. */
  readonly ledger: DeviceLedger | undefined
  readonly ledgers: readonly DeviceLedger[]
  /** Totals without warm-up; empty where the capture has no ranges. */
  readonly phases: readonly PhaseRow[]
  /** Warm iterations among those totals; 1 where the run has none, so that totals stay totals. */
  readonly warm: number
}

export async function loadSide(id: number, query: WindowQuery): Promise<Side> {
  const [run, summary] = await Promise.all([client.run(id), client.result(id, 'summary')])
  const { iterations } = summary
  // An iteration's number means nothing in the other run: each side has its own median one.
  const choice = windowChoice({ window: query.window, phase: query.phase }, iterations)
  const [ledger, phases] = await Promise.all([
    client.result(id, 'ledger', choice),
    run.recorded.includes('range') || (run.counts.range ?? 0) > 0
      ? client.result(id, 'phases', { iterations: 'warm' }).then((answer) => answer.phases)
      : [],
  ])
  const warm = iterations.all.length - (iterations.warmUp.length > 0 ? 1 : 0)
  return {
    run,
    summary,
    window: windowName(choice),
    ledger: busiestOf(ledger.devices),
    ledgers: ledger.devices,
    phases,
    warm: Math.max(1, warm),
  }
}

/** What was measured, and so always differs: it is the result, not the experiment. */
const MEASURED = /\b(ns|ms|percent|bytes|rss|error)\b/i

/** Facts in which two runs differ. Times and names of files always differ and say nothing. */
export function differences(
  base: Side,
  candidate: Side,
): { fact: string; base: string; candidate: string }[] {
  const [a, b] = [flatFacts(factsOf(base)), flatFacts(factsOf(candidate))]
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((fact) => a.get(fact) !== b.get(fact) && !MEASURED.test(fact))
    .map((fact) => ({ fact, base: a.get(fact) ?? '—', candidate: b.get(fact) ?? '—' }))
}

function factsOf({ run, summary }: Side): Record<string, unknown> {
  const { utcEpochNs: _utc, originNs: _origin, ...facts } = run.facts
  return {
    format: run.format,
    devices: run.devices.map((device) => device.name).join(', '),
    iterations: summary.iterations.all.length,
    'kernels of the median iteration': medianOf(summary)?.kernels ?? 'no iteration',
    'device ops of the median iteration': medianOf(summary)?.ops ?? 'no iteration',
    ...facts,
  }
}

const medianOf = ({
  iterations,
}: Answer<'summary'>): Answer<'summary'>['iterations']['all'][number] | undefined =>
  iterations.all.find((one) => one.index === iterations.representative)
