/**
 * The work of each stream in the order in which it was submitted, for two questions: what had been submitted to it when, and
 * what came first after that. Nodes of a graph are left out: the stream they ran on is not the one they were submitted to.
 */
import { NONE, NONE_I64 } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'

/** The ops of one stream whose launch is known. */
interface Work {
  ops: number[]
  /** Of ops[0 … i], the one that ends last. */
  last: number[]
}

/** By row of stream. Ops of one stream run in the order of their launches, so the table's own order is theirs. */
const workOfStreams = derived(({ device_op: ops, stream }: Trace): readonly Work[] => {
  const work = Array.from(stream.id, (): Work => ({ ops: [], last: [] }))
  for (let op = 0; op < ops.length; op++) {
    const launch = ops.launch?.[op] ?? NONE
    if (launch === NONE || (ops.graphNode?.[op] ?? NONE_I64) !== NONE_I64) continue
    const { ops: before, last } = work[ops.stream[op]!]!
    const previous = before.at(-1)
    // One that was submitted before the op it comes after would be a contradiction: it proves nothing.
    if (previous !== undefined && launch < ops.launch![previous]!) continue
    const latest = last.at(-1)
    const isLater = latest === undefined || endOf(ops, op) >= endOf(ops, latest)
    before.push(op)
    last.push(isLater ? op : latest)
  }
  return work
})

/** When a row of a table of spans ends. */
export const endOf = (
  { start, duration }: { start: Float64Array; duration: Float64Array },
  row: number,
): number => start[row]! + duration[row]!

/** Of the ops whose launch had returned at `time`, the one that ends last; NONE where there is none. */
export function lastSubmitted(trace: Trace, stream: number, time: number): number {
  const { ops, last } = workOfStreams(trace)[stream]!
  let i = firstLaunchedAt(trace, ops, time) - 1
  while (i >= 0 && endOf(trace.api_call, trace.device_op.launch![ops[i]!]!) > time) i--
  return last[i] ?? NONE
}

/** The first op of positive length whose launch began at `time` or later; NONE where there is none. */
export function nextSubmitted(trace: Trace, stream: number, time: number): number {
  const { ops } = workOfStreams(trace)[stream]!
  let i = firstLaunchedAt(trace, ops, time)
  while (i < ops.length && trace.device_op.duration[ops[i]!] === 0) i++
  return ops[i] ?? NONE
}

/** Index of the first op whose launch call begins at `time` or later. */
function firstLaunchedAt({ device_op, api_call }: Trace, ops: readonly number[], time: number): number {
  let low = 0
  let high = ops.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (api_call.start[device_op.launch![ops[middle]!]!]! < time) low = middle + 1
    else high = middle
  }
  return low
}
