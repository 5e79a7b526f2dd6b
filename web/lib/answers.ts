/** The results of the analyses, with the types their functions have: nothing is written down twice. */
import { busyAndIdle } from '../../draw/stack.ts'
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
export const busiestOf = (devices: readonly DeviceLedger[]): DeviceLedger | undefined =>
  devices.toSorted((a, b) => busyAndIdle(b.owners).busyNs - busyAndIdle(a.owners).busyNs)[0]
