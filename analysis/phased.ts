/**
 * A trace as analyses and views see it. Where a capture names no part of VGGT by ranges but the grids of its attention kernels
 * tell of whole forwards, those are its phases, and so its iterations:
 *
 *   recorded   no ranges        shown   |( forward )|( forward )|( forward )|
 *
 * Everything that asks about phases has to see the same ranges, since their rows are what answers refer to. What repeats
 * what was recorded (nsys' reports, SQL) asks the recorded trace.
 */
import type { Trace } from '../trace/trace.ts'
import { isFlashForward } from './attention-grids.ts'
import { derived } from './derived.ts'
import { hasNamedBlocks, withDerivedPhases } from './derived-phases.ts'
import { phaseSource } from './phase-source.ts'

/** The trace itself where ranges name the blocks, or no attention kernel ran that could tell of them. */
export const phased = derived((trace): Trace => {
  // Asked first, since the names are few and the ranges may be a million.
  if (!trace.strings.some(isFlashForward) || hasNamedBlocks(trace)) return trace
  return withDerivedPhases(trace)
})

/** Ranges that the capture recorded: without those that were added. */
export const recordedRanges = (trace: Trace): number =>
  trace.range.length - (phaseSource(trace).added?.rows.reduce((sum, isAdded) => sum + isAdded, 0) ?? 0)
