/**
 * nsys' join of device work to API calls: every pair of the same process and correlation id. Unlike `device_op.launch` it
 * takes backtrace twins (eventClass 67) and every other call with that id, so an op may stand in several pairs or in none;
 * and id 0 is an id like any other.
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { processOfOp } from './work-rows.ts'

/** Calls with one (process, correlation): the first of them, then `next` of each, in row order; NONE ends the chain. */
export interface CallChains {
  first(process: number, correlation: number): number
  readonly next: Uint32Array
}

export const callChains = derived((trace): CallChains => {
  const { api_call: api, thread } = trace
  const next = new Uint32Array(api.length).fill(NONE)
  const { correlation } = api
  if (correlation === undefined) return { first: () => NONE, next }
  const heads = Array.from({ length: trace.process.length }, (_, process) =>
    headsOf(correlation, (call) => thread.process[api.thread[call]!] === process),
  )
  // From the last to the first, so that a chain ascends.
  for (let call = api.length - 1; call >= 0; call--) {
    const id = correlation[call]!
    if (id === NONE) continue
    const head = heads[thread.process[api.thread[call]!]!]!
    next[call] = head.get(id)
    head.set(id, call)
  }
  return { first: (process, id) => (id === NONE ? NONE : (heads[process]?.get(id) ?? NONE)), next }
})

interface Heads {
  get(id: number): number
  set(id: number, call: number): void
}

/** Ids count up, so a plain array indexed by (id − least) serves; where they are scattered, a Map. */
function headsOf(correlation: Uint32Array, isOurs: (call: number) => boolean): Heads {
  let least = Infinity
  let greatest = -Infinity
  let count = 0
  for (let call = 0; call < correlation.length; call++) {
    const id = correlation[call]!
    if (id === NONE || !isOurs(call)) continue
    count++
    if (id < least) least = id
    if (id > greatest) greatest = id
  }
  const span = Math.max(0, greatest - least + 1)
  if (span > 16 * count + 65_536) {
    const map = new Map<number, number>()
    return { get: (id) => map.get(id) ?? NONE, set: (id, call) => void map.set(id, call) }
  }
  const calls = new Uint32Array(span).fill(NONE)
  return {
    get: (id) => calls[id - least] ?? NONE,
    set: (id, call) => {
      calls[id - least] = call
    },
  }
}

export interface LaunchPairs {
  readonly length: number
  readonly op: Uint32Array
  readonly call: Uint32Array
}

/** All pairs of these ops, ops in the order given. */
export function launchPairs(trace: Trace, ops: Uint32Array): LaunchPairs {
  const chains = callChains(trace)
  const { correlation } = trace.device_op
  let length = 0
  let op = new Uint32Array(ops.length)
  let call = new Uint32Array(ops.length)
  if (correlation !== undefined)
    for (let i = 0; i < ops.length; i++) {
      const row = ops[i]!
      let at = chains.first(processOfOp(trace, row), correlation[row]!)
      for (; at !== NONE; at = chains.next[at]!) {
        if (length === op.length) {
          op = doubled(op)
          call = doubled(call)
        }
        op[length] = row
        call[length++] = at
      }
    }
  return { length, op: op.subarray(0, length), call: call.subarray(0, length) }
}

/**
 * Pairs by call (which is start order): those of call c stand at order[first[c]] … order[first[c + 1] − 1], in the pairs' own
 * order.
 */
export function byCall(callOf: Uint32Array, calls: number): { first: Uint32Array; order: Uint32Array } {
  const first = new Uint32Array(calls + 1)
  for (let i = 0; i < callOf.length; i++) first[callOf[i]! + 1]!++
  for (let call = 0; call < calls; call++) first[call + 1]! += first[call]!
  const at = first.slice()
  const order = new Uint32Array(callOf.length)
  for (let i = 0; i < callOf.length; i++) order[at[callOf[i]!]!++] = i
  return { first, order }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length + 16)
  larger.set(array)
  return larger
}
