/**
 * One side of a diff: what an iteration's wall time on one device consists of.
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Ns } from '../../trace/units.ts'
import { ns } from '../../trace/units.ts'
import type { Window } from '../busy.ts'
import { lengthOf } from '../busy.ts'
import { captureWindow } from '../capture-window.ts'
import { forEachOwned } from '../clip.ts'
import { busiest, iterationsOf } from '../iterations.ts'
import type { Iteration } from '../iterations.ts'
import { classOfOps } from '../kernel-class.ts'
import { isIdle, ownerships } from '../ownership.ts'
import type { Ownership } from '../ownership.ts'
import { phaseOfOps, phaseTree } from '../phase-tree.ts'

export interface Side {
  trace: Trace
  device: number
  /** The iteration; undefined where the whole capture stands for it. */
  iteration: Iteration | undefined
  windows: readonly Window[]
  wall: Ns
  /** Rows of the device's ops that share time with the windows, or were launched by the iteration; ascending. */
  ops: Uint32Array
  /** Owned time inside the windows, beside `ops`. */
  owned: Float64Array
  /** Index of the phase path, beside `ops`. */
  phase: Uint32Array
  /** Index into BUSY_CLASSES, beside `ops`. */
  class: Uint8Array
  /** The innermost phase instance (a range row), NONE outside; beside `ops`. */
  instance: Uint32Array
  paths: readonly string[]
  /** Idle time by phase path index and owner index. */
  idle: ReadonlyMap<string, { phase: number; owner: number; ns: number }>
}

/** The side of one iteration (the representative one where not given; the whole capture where none repeats). */
export function sideOf(trace: Trace, device: number, iteration: Iteration | undefined): Side {
  const ownership = ownerships(trace).find((one) => one.device === device)
  // A device without work has no ledger, and so no time to explain.
  const windows = ownership === undefined ? [] : windowsOf(trace, device, iteration)
  const tree = phaseTree(trace)
  const { rows, owned, idle } =
    ownership === undefined
      ? { rows: [] as number[], owned: new Map<number, number>(), idle: new Map<string, never>() }
      : shares(trace, ownership, windows, iteration)
  const ops = Uint32Array.from(rows)
  const phases = phaseOfOps(trace)
  const classes = classOfOps(trace)
  return {
    trace,
    device,
    iteration,
    windows,
    wall: lengthOf(windows),
    ops,
    owned: Float64Array.from(ops, (op) => owned.get(op) ?? 0),
    phase: ops.map((op) => phases[op]!),
    class: Uint8Array.from(ops, (op) => classes[op]!),
    instance: ops.map((op) => instanceOf(trace, tree.isInstance, op)),
    paths: tree.paths,
    idle,
  }
}

/** The headline device and iteration of a run. */
export function representative(trace: Trace): Side {
  const found = iterationsOf(trace)
  const device = busiest(trace) ?? 0
  return sideOf(
    trace,
    device,
    found.representative === undefined ? undefined : found.all[found.representative],
  )
}

function windowsOf(trace: Trace, device: number, iteration: Iteration | undefined): Window[] {
  if (iteration === undefined) {
    const capture = captureWindow(trace)
    return capture === undefined ? [] : [capture]
  }
  const span = iteration.spans.find((one) => one.device === device)
  return span === undefined ? [] : [[ns(span.start), ns(span.end)]]
}

function shares(
  trace: Trace,
  ownership: Ownership,
  windows: readonly Window[],
  iteration: Iteration | undefined,
) {
  const owned = new Map<number, number>()
  const idle = new Map<string, { phase: number; owner: number; ns: number }>()
  const phases = phaseOfOps(trace)
  forEachOwned(ownership, windows, (segment, length) => {
    const owner = ownership.owner[segment]!
    const op = ownership.op[segment]!
    if (!isIdle(owner)) {
      owned.set(op, (owned.get(op) ?? 0) + length)
      return
    }
    const phase = op === NONE ? 0 : phases[op]!
    const key = `${phase}/${owner}`
    const known = idle.get(key)
    if (known === undefined) idle.set(key, { phase, owner, ns: length })
    else known.ns += length
  })
  const all = new Set(owned.keys())
  const mine = iteration?.ops ?? trace.device_op.start.keys()
  for (const op of mine)
    if (trace.device_op.device[op] === ownership.device && trace.device_op.duration[op]! > 0) all.add(op)
  return { rows: [...all].sort((a, b) => a - b), owned, idle }
}

function instanceOf(trace: Trace, isInstance: Uint8Array, op: number): number {
  const launch = trace.device_op.launch?.[op] ?? NONE
  let range =
    launch !== NONE ? (trace.api_call.range?.[launch] ?? NONE) : (trace.device_op.range?.[op] ?? NONE)
  while (range !== NONE && isInstance[range] === 0) range = trace.range.parent?.[range] ?? NONE
  return range
}
