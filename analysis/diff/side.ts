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
import { OwnedPieces } from '../clip.ts'
import { derived } from '../derived.ts'
import { busiest } from '../device-work.ts'
import { iterationsOf } from '../iterations.ts'
import type { Iteration } from '../iterations.ts'
import { classOfOps } from '../kernel-class.ts'
import { isIdle, OWNERS, ownerships } from '../ownership.ts'
import type { Ownership } from '../ownership.ts'
import { phaseOfOps, phaseTree } from '../phase-tree.ts'
import { opsOfRange } from '../projection.ts'

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
  idle: readonly { phase: number; owner: number; ns: number }[]
}

/** The side of one iteration (the whole capture where none is given). */
export function sideOf(trace: Trace, device: number, iteration: Iteration | undefined): Side {
  const ownership = ownerships(trace).find((one) => one.device === device)
  // A device without work has no ledger, and so no time to explain.
  const windows = ownership === undefined ? [] : windowsOf(trace, device, iteration)
  const { ops, owned, idle } =
    ownership === undefined
      ? { ops: new Uint32Array(0), owned: new Float64Array(0), idle: [] }
      : shares(trace, ownership, windows, iteration)
  const phases = phaseOfOps(trace)
  const classes = classOfOps(trace)
  const instances = instanceOfOps(trace)
  const side = {
    trace,
    device,
    iteration,
    windows,
    wall: lengthOf(windows),
    ops,
    owned,
    phase: new Uint32Array(ops.length),
    class: new Uint8Array(ops.length),
    instance: new Uint32Array(ops.length),
    paths: phaseTree(trace).paths,
    idle,
  }
  for (let i = 0; i < ops.length; i++) {
    side.phase[i] = phases[ops[i]!]!
    side.class[i] = classes[ops[i]!]!
    side.instance[i] = instances[ops[i]!]!
  }
  return side
}

/** The headline iteration of a run, on its busiest device or another one. */
export function representative(trace: Trace, device = busiest(trace) ?? 0): Side {
  const found = iterationsOf(trace)
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

/** Owned time of every op while one side is put together; all zero in between. */
const scratchOf = derived((trace) => new Float64Array(trace.device_op.length))

function shares(
  trace: Trace,
  ownership: Ownership,
  windows: readonly Window[],
  iteration: Iteration | undefined,
) {
  const scratch = scratchOf(trace)
  const found: number[] = []
  const idleOf = new Map<number, { phase: number; owner: number; ns: number }>()
  const phases = phaseOfOps(trace)
  for (const piece = new OwnedPieces(ownership, windows); piece.next();) {
    const owner = ownership.owner[piece.segment]!
    const op = ownership.op[piece.segment]!
    if (!isIdle(owner)) {
      if (scratch[op] === 0) found.push(op)
      scratch[op]! += piece.length
      continue
    }
    const phase = op === NONE ? 0 : phases[op]!
    const key = phase * OWNERS.length + owner
    const known = idleOf.get(key)
    if (known === undefined) idleOf.set(key, { phase, owner, ns: piece.length })
    else known.ns += piece.length
  }
  const { device, duration, length: all } = trace.device_op
  const mine = iteration === undefined ? undefined : opsOfRange(trace, iteration.range)
  for (let k = 0; k < (mine?.length ?? all); k++) {
    const op = mine?.[k] ?? k
    if (device[op] === ownership.device && duration[op]! > 0 && scratch[op] === 0) found.push(op)
  }
  const ops = Uint32Array.from(found).sort()
  const owned = new Float64Array(ops.length)
  for (let i = 0; i < ops.length; i++) {
    owned[i] = scratch[ops[i]!]!
    scratch[ops[i]!] = 0
  }
  return { ops, owned, idle: [...idleOf.values()] }
}

/** The innermost phase instance around each op's launch (or its start); NONE outside. */
const instanceOfOps = derived((trace): Uint32Array => {
  const { isInstance } = phaseTree(trace)
  const { device_op: ops, api_call: api, range: ranges } = trace
  const instances = new Uint32Array(ops.length)
  for (let op = 0; op < ops.length; op++) {
    const launch = ops.launch?.[op] ?? NONE
    let range = launch !== NONE ? (api.range?.[launch] ?? NONE) : (ops.range?.[op] ?? NONE)
    while (range !== NONE && isInstance[range] === 0) range = ranges.parent?.[range] ?? NONE
    instances[op] = range
  }
  return instances
})
