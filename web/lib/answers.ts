/** The results of the analyses, with the types their functions have: nothing is written down twice. */
import type { ResultOf } from '../../analysis/analysis.ts'
import type { analyses } from '../../analysis/index.ts'
import type { DeviceLedger } from '../../analysis/ledger.ts'

export type AnalysisId = keyof typeof analyses
export type Answer<Id extends AnalysisId> = ResultOf<(typeof analyses)[Id]>
export type { DeviceLedger, LedgerOwner } from '../../analysis/ledger.ts'
export type { KernelRow } from '../../analysis/kernels.ts'
export type { PhaseRow } from '../../analysis/phases.ts'
export type { Summary } from '../../analysis/summary.ts'

/** The device that worked most: the one headlines are about. */
export function busiestOf(devices: readonly DeviceLedger[]): DeviceLedger | undefined {
  const busy = (device: DeviceLedger): number =>
    device.owners.reduce((sum, { owner, ns }) => (owner.startsWith('busy/') ? sum + ns : sum), 0)
  return devices.toSorted((a, b) => busy(b) - busy(a))[0]
}
