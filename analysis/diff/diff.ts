/**
 * Why one run is faster than another: comparable first, then aligned, then explained term by term, exactly, with the noise
 * of the iterations beside each term.
 */
import type { Trace } from '../../trace/trace.ts'
import { iterationsOf, warmOf } from '../iterations.ts'
import { deviceName } from '../ledger.ts'
import { align } from './align.ts'
import type { Alignment } from './align.ts'
import { correctedPaths, namesByHand, pairsOf } from './by-hand.ts'
import type { Pair } from './by-hand.ts'
import { comparable } from './comparable.ts'
import type { Comparable } from './comparable.ts'
import { deviceRow, devicesOf } from './devices.ts'
import type { DeviceChoice, DeviceWork } from './devices.ts'
import { judged } from './judge.ts'
import type { Judged, JudgedKernel, JudgedTerm, Warm } from './judge.ts'
import { hidden, unmatched } from './residual.ts'
import type { Unmatched } from './residual.ts'
import { representative, sideOf } from './side.ts'
import type { Side } from './side.ts'
import { kernelDifferences } from './kernels.ts'
import { matchesOf } from './matches.ts'
import type { Matches } from './matches.ts'
import type { Floor } from './noise.ts'
import { matchedOps, waterfall } from './waterfall.ts'

export interface DiffSide {
  /** The device that is explained; terms are of it alone. */
  device: string
  deviceId: number
  /** Every device that worked in the representative's capture. */
  devices: DeviceWork[]
  captures: number
  iterations: number
  warm: number
  warmUp: readonly string[]
  representative: { capture: number; iteration: number } | null
  wallsNs: number[]
  kernels: number
  /** The device's kept noise between captures, where it was counted in. */
  noiseFloor: Floor | null
}

export interface Diff extends Judged {
  comparable: Comparable
  baseNs: number
  candidateNs: number
  deltaNs: number
  /** base / candidate; null where the runs are not comparable or nothing was measured. */
  speedup: number | null
  terms: JudgedTerm[]
  /** The busy terms once more, by kernel. */
  kernels: { listed: JudgedKernel[]; leftOut: { kernels: number; ns: number } }
  /** What was matched with what, on which evidence, and what a person corrected. */
  alignment: Matches & { byHand: Pair[] }
  unmatched: { base: Unmatched; candidate: Unmatched }
  renamed: Alignment['renamed']
  /** Σ of op durations that ran beneath others, candidate − base; no part of the sum. */
  hiddenDeltaNs: number
  base: DiffSide
  candidate: DiffSide
}

/** Diffs one or more captures a side. The headline is the base's busiest device, and the candidate's of that number. */
export const diff = (base: readonly Trace[], candidate: readonly Trace[]): Diff =>
  diffOf(...pooledPair(base, candidate))

/** Kernels that are listed; the time of the others is given as one number. */
const LISTED = 300

/**
 * The same of sides that were already put together. `corrections` say which phases belong together (by-hand.ts).
 * Throws UserError('bad-request') for one that names no phase.
 */
export function diffOf(a: Pooled, own: Pooled, corrections: readonly string[] = []): Diff {
  const { b, alignment, pairs } = aligned(a, own, corrections)
  const matched = matchedOps(a.side, b.side, alignment)
  const kernels = kernelDifferences(a.side, b.side, alignment, matched)
  const judgement = judged(waterfall(a.side, b.side, matched), kernels, a, b, matched)
  const rest = judgement.kernels.slice(LISTED)
  const comparison = comparable(a.side, b.side)
  const delta = b.side.wall - a.side.wall
  return {
    comparable: comparison,
    baseNs: a.side.wall,
    candidateNs: b.side.wall,
    deltaNs: delta,
    speedup: comparison.comparable && b.side.wall > 0 ? a.side.wall / b.side.wall : null,
    ...judgement.total,
    terms: judgement.terms,
    kernels: {
      listed: judgement.kernels.slice(0, LISTED),
      leftOut: { kernels: rest.length, ns: rest.reduce((sum, row) => sum + row.ns, 0) },
    },
    alignment: { byHand: pairs, ...matchesOf(a.side, b.side, alignment, own.side.paths) },
    unmatched: {
      base: unmatched(a.side, alignment.base),
      candidate: unmatched(b.side, alignment.candidate),
    },
    renamed: alignment.renamed,
    hiddenDeltaNs: hidden(b.side) - hidden(a.side),
    base: described(a),
    candidate: described(b),
  }
}

/** Two sides aligned, the second under the names that the corrections give its phases. */
export function aligned(a: Pooled, own: Pooled, corrections: readonly string[]) {
  const pairs = pairsOf(corrections, a.side.paths, own.side.paths)
  const b = pairs.length === 0 ? own : corrected(own, pairs)
  return { a, b, alignment: align(a.side, b.side, namesByHand(pairs)), pairs }
}

export interface Pooled extends Warm {
  traces: readonly Trace[]
  /** Which capture the representative iteration is of. */
  capture: number
}

type FloorOf = (device: string) => Floor | undefined

/**
 * Both sides on the device that is asked for, else on the base's busiest and the candidate's of the same number (its own
 * busiest where that one did nothing). Throws UserError('bad-request') where the device that is asked for did not work.
 */
export function pooledPair(
  base: readonly Trace[],
  candidate: readonly Trace[],
  floorOf?: FloorOf,
  deviceId?: number,
): [Pooled, Pooled] {
  const a = pooled(base, floorOf, { asked: deviceId })
  return [a, pooled(candidate, floorOf, { asked: deviceId, like: deviceIdOf(a.side) })]
}

/**
 * The side whose representative is the (lower) median of the warm iterations of all its captures, each on the chosen device;
 * where none is chosen, on the first one's busiest. Throws UserError('bad-request') where a device that is asked for did not
 * work.
 */
export function pooled(traces: readonly Trace[], floorOf?: FloorOf, choice: DeviceChoice = {}): Pooled {
  const first = traces[0]!
  const mine = { ...choice, like: first.device.id[deviceRow(first, choice)] }
  const all = traces.map((trace) => {
    const device = deviceRow(trace, mine)
    return warmOf(iterationsOf(trace)).map((iteration) => sideOf(trace, device, iteration))
  })
  const sorted = all.flat().sort((x, y) => x.wall - y.wall)
  const wall = sorted[Math.floor((sorted.length - 1) / 2)]?.wall
  const side = all.flat().find((one) => one.wall === wall)
  if (side === undefined) {
    return { traces, all, capture: 0, side: representative(first, deviceRow(first, mine)) }
  }
  const floor = floorOf?.(nameOf(side))
  return { traces, all, side, capture: all.findIndex((mine) => mine.includes(side)), floor }
}

/** A side whose phases have the names that the base has for them. */
function corrected(pooled: Pooled, pairs: readonly Pair[]): Pooled {
  const known = new Map<readonly string[], string[]>()
  const renamed = new Map<Side, Side>()
  const sideOf = (side: Side): Side => {
    let paths = known.get(side.paths)
    if (paths === undefined) known.set(side.paths, (paths = correctedPaths(side.paths, pairs)))
    let found = renamed.get(side)
    if (found === undefined) renamed.set(side, (found = { ...side, paths }))
    return found
  }
  return { ...pooled, side: sideOf(pooled.side), all: pooled.all.map((mine) => mine.map(sideOf)) }
}

export const nameOf = (side: Side): string =>
  side.trace.device.length === 0 ? 'no device' : deviceName(side.trace, side.device)

const deviceIdOf = ({ trace, device }: Side): number | undefined => trace.device.id[device]

function described({ traces, side, capture, all, floor }: Pooled): DiffSide {
  const found = iterationsOf(side.trace)
  return {
    device: nameOf(side),
    deviceId: deviceIdOf(side) ?? 0,
    devices: devicesOf(side.trace),
    captures: traces.length,
    iterations: traces.reduce((sum, trace) => sum + iterationsOf(trace).all.length, 0),
    warm: all.reduce((sum, mine) => sum + mine.length, 0),
    warmUp: found.warmUp,
    representative: side.iteration === undefined ? null : { capture, iteration: side.iteration.index },
    wallsNs: all.flatMap((mine) => mine.map((one) => one.wall)),
    noiseFloor: floor ?? null,
    kernels: side.ops.reduce((sum, op) => sum + (isKernel(side, op) ? 1 : 0), 0),
  }
}

const isKernel = ({ trace }: Side, op: number): boolean =>
  trace.device_op.kind[op] === 0 || trace.device_op.kind[op] === 4
