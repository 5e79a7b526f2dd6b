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
import { RowList } from './row-list.ts'

/** Rows of the ops that a range launched, ascending (so in start order). */
export function opsOfRange(trace: Trace, range: number): Uint32Array {
  const found = new RowList()
  addOpsOfRange(trace, range, found)
  const rows = found.finish()
  for (let i = 1; i < rows.length; i++) if (rows[i]! < rows[i - 1]!) return rows.sort()
  return rows
}

/** Adds the rows of the ops that a range launched to a list, in the order of their launches. */
function addOpsOfRange(trace: Trace, range: number, into: RowList): void {
  const { launched, inside } = projection(trace)
  for (const op of inside.get(range) ?? []) into.add(op)
  const { start, duration, thread, endThread } = trace.range
  if (endThread !== undefined && endThread[range] !== NONE) return
  const calls = launched.callsOfThread[thread[range]!]
  if (calls === undefined) return
  const { first, ops } = launched
  const { start: callStart, duration: callDuration } = trace.api_call
  const from = start[range]!
  const to = from + duration[range]!
  for (let k = firstAtOrAfter(callStart, calls, from); k < calls.length; k++) {
    const call = calls[k]!
    const at = callStart[call]!
    if (at > to) break
    if (at + callDuration[call]! > to) continue
    for (let i = first[call]!; i < first[call + 1]!; i++) into.add(ops[i]!)
  }
}

const projection = derived((trace) => ({ launched: opsByCall(trace), inside: opsByRange(trace) }))

/** Ops by launching call, and the calls of each thread that launched any. */
function opsByCall(trace: Trace) {
  const launch = trace.device_op.launch ?? new Uint32Array(0)
  const { thread, length } = trace.api_call
  const first = new Uint32Array(length + 1)
  let linked = 0
  for (let op = 0; op < launch.length; op++)
    if (launch[op] !== NONE) {
      first[launch[op]! + 1]!++
      linked++
    }
  const counts = new Uint32Array(trace.thread.length)
  for (let call = 0; call < length; call++) {
    if (first[call + 1] !== 0) counts[thread[call]!]!++
    first[call + 1]! += first[call]!
  }
  const ops = new Uint32Array(linked)
  const at = first.slice()
  for (let op = 0; op < launch.length; op++) if (launch[op] !== NONE) ops[at[launch[op]!]!++] = op
  const callsOfThread = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let call = 0; call < length; call++)
    if (first[call] !== first[call + 1]) callsOfThread[thread[call]!]![counts[thread[call]!]!++] = call
  return { first, ops, callsOfThread }
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
