/**
 * How many forwards of VGGT lie in the warm part of a capture: by its attention kernels, else by the phase that embeds the
 * images, once a forward, else by its iterations.
 */
import type { Trace } from '../trace/trace.ts'
import { attentionWork, blocksOfForward } from './attention-work.ts'
import type { AttentionWork } from './attention-work.ts'
import { derived } from './derived.ts'
import { iterationsOf, warmOf } from './iterations.ts'
import { phaseTree } from './phase-tree.ts'
import { phaseRows, warmOnly } from './phases.ts'
import { opsOfRange } from './projection.ts'
import { partOfPhases } from './vggt-parts.ts'
import type { VggtPart, VggtShape } from './vggt-work.ts'

/** Attention blocks outside a warm-up iteration, in time order. */
export const warmAttention = derived((trace): readonly AttentionWork[] => {
  const cold = coldOps(trace)
  return attentionWork(trace).filter(({ op }) => cold[op] === 0)
})

/** 1 for each op of a warm-up iteration. */
export const coldOps = derived((trace): Uint8Array => {
  const cold = new Uint8Array(trace.device_op.length)
  const iterations = iterationsOf(trace)
  if (iterations.warmUp.length > 0) for (const op of opsOfRange(trace, iterations.all[0]!.range)) cold[op] = 1
  return cold
})

/** Their number, or why it is not known. */
export function forwardsOf(trace: Trace, shape: VggtShape): number | { why: string } {
  const blocks = warmAttention(trace).length
  if (blocks > 0) {
    const forwards = blocks / blocksOfForward(shape)
    return Number.isInteger(forwards)
      ? forwards
      : { why: `${blocks} attention blocks are no whole number of forwards of ${blocksOfForward(shape)}` }
  }
  const embedded = instancesOf(trace, 'Patch embedding').reduce((sum, { count }) => sum + count, 0)
  const forwards = embedded > 0 ? embedded : warmOf(iterationsOf(trace)).length
  return forwards > 0 ? forwards : { why: 'nothing tells how many forwards were captured' }
}

/** Phases that are a part of the model, with the number of their warm instances. */
export function instancesOf(trace: Trace, part: VggtPart): { phase: number; count: number }[] {
  const { indexOf } = phaseTree(trace)
  const parts = partOfPhases(trace)
  return phaseRows(trace, warmOnly(trace)).flatMap(({ path, count }) => {
    const phase = indexOf.get(path)!
    return parts[phase] === part ? [{ phase, count }] : []
  })
}
