/**
 * What tells of each phase: recorded ranges, or else what.
 */
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { phaseTree } from './phase-tree.ts'

export type PhaseSource = 'range' | 'attention grids' | 'place between blocks'

/** Set once, by whoever adds ranges to a trace. */
export const phaseSource = derived((): { added?: { rows: Uint8Array; by: PhaseSource } } => ({}))

/** What tells of a range that was added; undefined for a recorded one. */
export const addedBy = (trace: Trace, row: number): PhaseSource | undefined => {
  const { added } = phaseSource(trace)
  return added?.rows[row] === 1 ? added.by : undefined
}

/** By phase. A phase with a recorded instance is told by ranges. */
export const sourceOfPhases = derived((trace): readonly PhaseSource[] => {
  const { paths, phaseOfRange, isInstance } = phaseTree(trace)
  const { added } = phaseSource(trace)
  const sources: PhaseSource[] = paths.map(() => added?.by ?? 'range')
  for (let row = 0; row < isInstance.length; row++)
    if (isInstance[row] === 1 && added?.rows[row] !== 1) sources[phaseOfRange[row]!] = 'range'
  return sources
})
