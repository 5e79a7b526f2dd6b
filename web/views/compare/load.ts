/** What a comparison of two runs is made of: each side's summary, ledger of its window, and phases. */
import type { RunInfo } from '../../../trace/api.ts'
import { busiestOf } from '../../lib/answers.ts'
import type { Answer, DeviceLedger, PhaseRow } from '../../lib/answers.ts'
import { client } from '../../lib/client.ts'
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
  /** Totals without warm-up; empty where nothing tells of phases. */
  readonly phases: readonly PhaseRow[]
  /** Warm iterations among those totals; 1 where the run has none, so that totals stay totals. */
  readonly warm: number
}

export async function loadSide(id: number, query: WindowQuery): Promise<Side> {
  const [run, summary, lacking] = await Promise.all([
    client.run(id),
    client.result(id, 'summary'),
    client.lacking(id),
  ])
  const { iterations } = summary
  // An iteration's number means nothing in the other run: each side has its own median one.
  const choice = windowChoice({ window: query.window, phase: query.phase }, iterations)
  const [ledger, phases] = await Promise.all([
    client.result(id, 'ledger', choice),
    lacking.phases?.length === 0
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
