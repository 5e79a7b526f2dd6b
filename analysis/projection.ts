/**
 * Ranges projected onto devices: which ops a range launched.
 *
 * An op belongs to a range if the API call that launched it lies fully inside, both ends included, on the same thread.
 * A range that was ended on another thread owns none. An op without launches (a runtime's node) belongs to the innermost
 * range around its start and to all ranges around that one.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'
import { ascendingRows } from './rows.ts'

/** Rows of the ops that each range launched, ascending (so in start order). */
export const opsOfRange = (trace: Trace, range: number): Uint32Array => {
  const list = new OpList()
  addOpsOfRange(trace, range, list)
  return ascendingRows(list.rows.slice(0, list.length))
}

/** Rows of ops in a buffer that is made once for many ranges: making an array for each costs more than filling it. */
export class OpList {
  rows = new Uint32Array(64)
  length = 0

  /** Makes room for more rows. */
  reserve(more: number): void {
    if (this.length + more <= this.rows.length) return
    const larger = new Uint32Array(2 * (this.length + more))
    larger.set(this.rows.subarray(0, this.length))
    this.rows = larger
  }
}

/** Appends the ops that a range launched, in the order of their calls. */
export function addOpsOfRange(trace: Trace, range: number, list: OpList): void {
  const { launched, inside } = projection(trace)
  const direct = inside.get(range)
  if (direct !== undefined) {
    list.reserve(direct.length)
    list.rows.set(direct, list.length)
    list.length += direct.length
  }
  const { range: ranges, api_call: api } = trace
  const calls = launched.callsOfThread[ranges.thread[range]!]
  if ((ranges.endThread?.[range] ?? NONE) !== NONE || calls === undefined) return
  const from = ranges.start[range]!
  const to = from + ranges.duration[range]!
  const begin = firstAtOrAfter(api.start, calls, from)
  let end = begin
  let most = 0
  for (; end < calls.length && api.start[calls[end]!]! <= to; end++)
    most += launched.first[calls[end]! + 1]! - launched.first[calls[end]!]!
  list.reserve(most)
  const { rows } = list
  let n = list.length
  for (let k = begin; k < end; k++) {
    const call = calls[k]!
    if (api.start[call]! + api.duration[call]! > to) continue
    for (let i = launched.first[call]!; i < launched.first[call + 1]!; i++) rows[n++] = launched.ops[i]!
  }
  list.length = n
}

const projection = derived((trace) => ({ launched: opsByCall(trace), inside: opsByRange(trace) }))

/** Ops by launching call, and the calls of each thread that launched any. */
function opsByCall(trace: Trace) {
  const { device_op: ops, api_call: api } = trace
  const first = new Uint32Array(api.length + 1)
  const launch = ops.launch
  let linked = 0
  if (launch !== undefined)
    for (let op = 0; op < ops.length; op++)
      if (launch[op] !== NONE) {
        first[launch[op]! + 1]!++
        linked++
      }
  for (let call = 0; call < api.length; call++) first[call + 1]! += first[call]!
  const rows = new Uint32Array(linked)
  const at = first.slice()
  if (launch !== undefined)
    for (let op = 0; op < ops.length; op++) if (launch[op] !== NONE) rows[at[launch[op]!]!++] = op
  const counts = new Uint32Array(trace.thread.length)
  for (let call = 0; call < api.length; call++)
    if (first[call] !== first[call + 1]) counts[api.thread[call]!]!++
  const callsOfThread = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let call = 0; call < api.length; call++)
    if (first[call] !== first[call + 1]) {
      const thread = api.thread[call]!
      callsOfThread[thread]![counts[thread]!++] = call
    }
  return { first, ops: rows, callsOfThread }
}

/** Ops without a launch, under the range that holds them and every range around it. */
function opsByRange(trace: Trace): ReadonlyMap<number, number[]> {
  const { device_op: ops, range } = trace
  const inside = new Map<number, number[]>()
  if (ops.range === undefined) return inside
  for (let op = 0; op < ops.length; op++) {
    if ((ops.launch?.[op] ?? NONE) !== NONE) continue
    for (let row = ops.range[op]!; row !== NONE; row = range.parent?.[row] ?? NONE) {
      const known = inside.get(row)
      if (known === undefined) inside.set(row, [op])
      else known.push(op)
    }
  }
  return inside
}

/** Position in `rows` of the first whose key is ≥ value; keys ascend along rows. */
function firstAtOrAfter(keys: Float64Array, rows: Uint32Array, value: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[rows[middle]!]! >= value) high = middle
    else low = middle + 1
  }
  return low
}
