/**
 * The arithmetic and the least bytes of every phase of a VGGT run, without a warm-up iteration: attention blocks by their
 * launch grids where there are any, all else from the model's shape and its images (`vggt-work.ts`).
 */
import type { Trace } from '../trace/trace.ts'
import { attentionGrids } from './attention-grids.ts'
import { coldOps, forwardsOf, instancesOf, warmAttention } from './forwards.ts'
import { blocksOfForward } from './attention-work.ts'
import { headsAmong } from './heads-by-kernels.ts'
import { rateOfOps } from './matrix-dtype.ts'
import type { Rate } from './matrix-dtype.ts'
import { rateOf } from './peaks.ts'
import type { Peak } from './peaks.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { vggtInput } from './vggt-input.ts'
import type { VggtInput } from './vggt-input.ts'
import { sumOf, timed, WorkOfPhases } from './timed-work.ts'
import type { NotKnown, TimedWork } from './timed-work.ts'
import { HEADS, HEADS_TOGETHER, partOfPhases } from './vggt-parts.ts'
import { patchProduct, vggtWork } from './vggt-work.ts'
import type { VggtPart } from './vggt-work.ts'

/** By phase, phases inside included. */
export type PhaseWork = (phase: number) => TimedWork | NotKnown

/** Variants of the harness whose global attention does less work: those that grids do not show, and those that they do. */
const FEWER_KEYS = /\b(kv-sub|merge)\b/
const LOCAL_BLOCKS = /\bg2f-/
const BLOCKS: readonly VggtPart[] = ['Patch embedding', 'Frame attention', 'Global attention']

export function phaseWork(trace: Trace, peak: Peak | undefined): PhaseWork {
  const input = vggtInput(trace)
  const forwards = 'why' in input ? input : forwardsOf(trace, input.shape)
  if ('why' in input || typeof forwards !== 'number') {
    const { why } = forwards as NotKnown
    return () => ({ why })
  }
  const own = new WorkOfPhases(trace)
  const rates = ratesOf(trace, peak)
  if (warmAttention(trace).length > 0) addBlocks(trace, input, peak, own)
  else for (const part of BLOCKS) addNamed(trace, input, forwards, part, rates, own)
  for (const part of HEADS) addNamed(trace, input, forwards, part, rates, own)
  for (const [phase, ops] of headsTogether(trace))
    own.add(phase, headsWork(trace, input, forwards, ops, peak))
  return own.finish()
}

/** Warm ops of each phase that is all heads without a range of their own. */
function headsTogether(trace: Trace): Map<number, number[]> {
  const { paths } = phaseTree(trace)
  const phases = phaseOfOps(trace)
  const cold = coldOps(trace)
  const isHeads = paths.map((path) => path.split('/').at(-1) === HEADS_TOGETHER)
  const found = new Map<number, number[]>()
  for (let op = 0; op < phases.length; op++) {
    const phase = phases[op]!
    if (!isHeads[phase] || cold[op] === 1) continue
    const known = found.get(phase)
    if (known === undefined) found.set(phase, [op])
    else known.push(op)
  }
  return found
}

/** Blocks where their kernels were launched; the embedding of the images before the first block of each forward. */
function addBlocks(trace: Trace, input: VggtInput, peak: Peak | undefined, own: WorkOfPhases): void {
  const dtype = attentionGrids(trace)?.dtype ?? 'bf16'
  const perSecond = peak === undefined ? undefined : rateOf(peak, dtype)
  const rate = perSecond === undefined ? undefined : { rate: perSecond, dtype }
  const phases = phaseOfOps(trace)
  const isTold = !FEWER_KEYS.test(input.variant)
  for (const [i, { op, isGlobal, ...work }] of warmAttention(trace).entries()) {
    const phase = phases[op]!
    if (i % blocksOfForward(input.shape) === 0)
      own.add(phase, timed(patchProduct(input.shape, input.images), rate))
    own.add(phase, isGlobal && !isTold ? notTold(input) : timed(work, rate))
  }
}

const notTold = ({ variant }: VggtInput): NotKnown => ({
  why: `the variant ${variant} changes its work by an amount that is not told`,
})

/** A part that ranges name: shared among them by their instances. */
function addNamed(
  trace: Trace,
  input: VggtInput,
  forwards: number,
  part: VggtPart,
  rates: (phase: number) => Rate | undefined,
  own: WorkOfPhases,
): void {
  const phases = instancesOf(trace, part)
  const all = phases.reduce((total, { count }) => total + count, 0)
  const work = vggtWork(part, input.shape, input.images)
  const isChanged = FEWER_KEYS.test(input.variant) || LOCAL_BLOCKS.test(input.variant)
  const isTold = part !== 'Global attention' || !isChanged
  for (const { phase, count } of phases) {
    const share = (forwards * count) / all
    own.add(
      phase,
      isTold ? timed({ flops: share * work.flops, bytes: share * work.bytes }, rates(phase)) : notTold(input),
    )
  }
}

/** The rate of each phase that is a part, by the kernels launched in it and below it. */
function ratesOf(trace: Trace, peak: Peak | undefined): (phase: number) => Rate | undefined {
  if (peak === undefined) return () => undefined
  const { parentOf } = phaseTree(trace)
  const parts = partOfPhases(trace)
  const phases = phaseOfOps(trace)
  const cold = coldOps(trace)
  const ops = new Map<number, number[]>()
  for (let op = 0; op < phases.length; op++) {
    let phase = phases[op]!
    while (phase !== 0 && parts[phase] === undefined) phase = parentOf[phase]!
    if (phase === 0 || cold[op] === 1) continue
    const known = ops.get(phase)
    if (known === undefined) ops.set(phase, [op])
    else known.push(op)
  }
  return (phase) => rateOfOps(trace, ops.get(phase) ?? [], peak)
}

function headsWork(
  trace: Trace,
  input: VggtInput,
  forwards: number,
  ops: readonly number[],
  peak: Peak | undefined,
): TimedWork | NotKnown {
  const parts = headsAmong(trace, ops, forwards, input.shape)
  if ('why' in parts) return parts
  const rate = peak === undefined ? undefined : rateOfOps(trace, ops, peak)
  return parts
    .map((part) => vggtWork(part, input.shape, input.images))
    .map(({ flops, bytes }) => timed({ flops: forwards * flops, bytes: forwards * bytes }, rate))
    .reduce<TimedWork | NotKnown>((total, one) => sumOf(total, one), {
      flops: 0,
      bytes: 0,
      leastSeconds: 0,
      dtypes: new Set<string>(),
    })
}
