/**
 * Parts of VGGT that no range names, as phases: told by attention grids where no range names the blocks, by their place
 * between the blocks where ranges do. Their names stand in parentheses.
 *
 *   recorded  |VGGT                 |Frame|Global| … |Global|           |
 *   added      (patch embedding)                              (heads)
 *
 *   none      (forward)( patch embedding )(frame attention)(global attention) … (heads)
 */
import type { Trace } from '../trace/trace.ts'
import { checkNeeds } from './analysis.ts'
import { derived } from './derived.ts'
import { gridPhases } from './grid-phases.ts'
import { phaseTree } from './phase-tree.ts'
import { phaseSource } from './phase-source.ts'
import { rowsWhere } from './rows.ts'
import { partOfPhases, unnamedParts } from './vggt-parts.ts'
import { withRanges } from './with-ranges.ts'
import type { AddedRange } from './with-ranges.ts'

/** The trace with these phases; itself where there are none to add. */
export const withDerivedPhases = derived((trace): Trace => {
  // What was added once names all that can be told.
  if (phaseSource(trace).added !== undefined) return trace
  const hasBlocks = hasNamedBlocks(trace)
  const wanted = hasBlocks ? unnamedParts(trace) : gridPhases(trace)
  if (wanted.length === 0) return trace
  const { isInstance } = phaseTree(trace)
  const recorded = rowsWhere(isInstance.length, (row) => isInstance[row] === 1)
  const added = wanted.filter((one) => !cuts(trace, recorded, one))
  if (added.length === 0) return trace
  const more = withRanges(trace, added)
  phaseSource(more.trace).added = {
    rows: more.isAdded,
    by: hasBlocks ? 'place between blocks' : 'attention grids',
  }
  return more.trace
})

/** Whether ranges name the blocks of the aggregator. */
export const hasNamedBlocks = (trace: Trace): boolean =>
  partOfPhases(trace).some((part) => part === 'Frame attention' || part === 'Global attention')

/** Whether any are added: then an answer about phases needs no recorded range. */
export const hasDerivedPhases = (trace: Trace): boolean =>
  phaseSource(withDerivedPhases(trace)).added !== undefined

/** The same, where the capture has phases at all. Throws UserError('bad-request') where it recorded no range and none was added. */
export function withPhases(trace: Trace, title: string): Trace {
  if (!hasDerivedPhases(trace)) checkNeeds(title, ['range'], trace)
  return withDerivedPhases(trace)
}

/** Whether a recorded phase of its thread begins or ends inside: then it would change what was recorded. */
function cuts({ range }: Trace, recorded: Uint32Array, { thread, start, end }: AddedRange): boolean {
  const isInside = (time: number): boolean => time > start && time < end
  return recorded.some(
    (row) =>
      range.thread[row] === thread &&
      (isInside(range.start[row]!) || isInside(range.start[row]! + range.duration[row]!)),
  )
}
