/**
 * What links a launch where correlations do not.
 */
import { NONE } from '../../trace/column.ts'
import { containingRanges } from '../../trace/containment.ts'

export interface Calls {
  length: number
  start: Float64Array
  duration: Float64Array
  place: Uint32Array
  /** Row in `process`. */
  process: Uint32Array
  name: Uint32Array
  eventClass: Uint8Array
  correlation: Uint32Array
  externalId: Float64Array
}

export interface Ops {
  length: number
  start: Float64Array
  lane: Uint32Array
  correlation: Uint32Array
  externalId: Float64Array
}

export interface Flows {
  length: number
  start: Float64Array
  place: Uint32Array
  id: Float64Array
  isEnd: Uint8Array
}

const key = (place: number, time: number): string => `${place} ${time}`

/** By the launch's arrow, which ends at the op and begins inside the call. */
export function linkByFlows(
  launch: Uint32Array,
  unlinked: readonly number[],
  calls: Calls,
  ops: Ops,
  flows: Flows,
  lanePlace: readonly number[],
): void {
  if (flows.length === 0 || calls.length === 0) return
  const opsAt = new Map<string, number[]>()
  for (const op of unlinked) {
    const at = key(lanePlace[ops.lane[op]!]!, ops.start[op]!)
    const known = opsAt.get(at)
    if (known === undefined) opsAt.set(at, [op])
    else known.push(op)
  }
  const opsOf = new Map<number, number[]>()
  for (let flow = 0; flow < flows.length; flow++) {
    const found = flows.isEnd[flow] === 1 ? opsAt.get(key(flows.place[flow]!, flows.start[flow]!)) : undefined
    if (found !== undefined) opsOf.set(flows.id[flow]!, found)
  }
  // The call around each arrow's start, by one sweep.
  const starts: number[] = []
  for (let flow = 0; flow < flows.length; flow++)
    if (flows.isEnd[flow] === 0 && opsOf.has(flows.id[flow]!)) starts.push(flow)
  const points = {
    start: Float64Array.from(starts, (flow) => flows.start[flow]!),
    duration: new Float64Array(starts.length),
    thread: Uint32Array.from(starts, (flow) => flows.place[flow]!),
  }
  const around = containingRanges(points, {
    start: calls.start,
    duration: calls.duration,
    thread: calls.place,
  })
  starts.forEach((flow, i) => {
    if (around[i] === NONE) return
    for (const op of opsOf.get(flows.id[flow]!)!)
      if (calls.start[around[i]!]! <= ops.start[op]!) launch[op] = around[i]!
  })
}

/** By "External id", for ops without a correlation, where exactly one call carries the id. */
export function linkByExternalId(
  launch: Uint32Array,
  unlinked: readonly number[],
  calls: Calls,
  ops: Ops,
): void {
  const left = unlinked.filter(
    (op) => launch[op] === NONE && ops.correlation[op] === NONE && !Number.isNaN(ops.externalId[op]),
  )
  if (left.length === 0) return
  const wanted = new Set(left.map((op) => ops.externalId[op]!))
  const callOf = new Map<number, number>()
  for (let call = 0; call < calls.length; call++) {
    const id = calls.externalId[call]!
    if (wanted.has(id)) callOf.set(id, callOf.has(id) ? NONE : call)
  }
  for (const op of left) {
    const call = callOf.get(ops.externalId[op]!) ?? NONE
    if (call !== NONE && calls.start[call]! <= ops.start[op]!) launch[op] = call
  }
}
