/**
 * What each NVTX range launched on the GPU: the span from the start of its first op to the end of its last, how many
 * launches there were, and where the range hangs among the others of its thread.
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { enclosing, isOnOneThread } from './enclosing-ranges.ts'
import type { Enclosing } from './enclosing-ranges.ts'
import { scanOrder } from './gpu-lanes.ts'
import { groupRows } from '../groups.ts'
import { byCall, callChains, launchPairs } from './launch-pairs.ts'
import { GPU_WORK, NVTX, RUNTIME } from './needs.ts'
import { nvtxRanges } from './nvtx-ranges.ts'
import { rangeTree } from './range-tree.ts'
import type { RangeTree, Spans } from './range-tree.ts'
import { numberColumn, rowsWhere, taken } from '../rows.ts'
import { workRows } from './work-rows.ts'

/** What both projection reports need. */
export const PROJECTION_NEEDS = [
  { table: 'StringIds' },
  { table: NVTX },
  { anyOf: GPU_WORK },
  { table: RUNTIME },
  { column: 'globalPid', of: GPU_WORK },
] as const

export interface Projection {
  /** Positions in nvtxRanges of the ranges with work, by row number of the file. */
  readonly shown: Uint32Array
  /** By position; `outside` stands behind the last: work launched outside every range. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** Different correlation ids: a graph launch is one. */
  readonly ops: Uint32Array
  readonly outside: number
  /** The call whose process and thread nsys prints for the work outside: that of the op which ends last. */
  readonly outsideCall: number
  /** Ranges with work whose parent this is. */
  readonly children: Uint32Array
  readonly spans: Spans
  readonly tree: RangeTree
}

export const projection = derived((trace): Projection => {
  const around = enclosing(trace)
  const ranges = nvtxRanges(trace)
  const { range } = trace
  const spans: Spans = {
    length: ranges.length,
    start: taken(range.start, ranges.row),
    // A range that ended on another thread takes no part: without an end it neither contains nor is contained.
    end: numberColumn(ranges.length, (i) => (isOnOneThread(trace, ranges.row[i]!) ? around.ends[i]! : NaN)),
    thread: taken(range.thread, ranges.row),
    id: taken(range.sourceRow, ranges.row),
  }
  const tree = rangeTree(spans)
  const launched = launchedWork(trace, around, ranges.length)
  const children = new Uint32Array(ranges.length)
  const shown = rowsWhere(ranges.length, (i) => launched.ops[i]! > 0).sort(
    (a, b) => spans.id[a]! - spans.id[b]!,
  )
  for (const i of shown) if (tree.parent[i] !== NONE) children[tree.parent[i]!]!++
  return { shown, ...launched, outside: ranges.length, children, spans, tree }
})

/** The span of what one call launched. */
interface Burst {
  start: number
  end: number
  /** The op that ends last. */
  last: number
}

/** Goes through the calls that launched anything, and gives what each did to the ranges around it. */
function launchedWork(trace: Trace, around: Enclosing, outside: number) {
  const { api_call: api } = trace
  const pairs = launchPairs(trace, workRows(trace))
  const { first, order } = byCall(pairs.call, api.length)
  const from = new Float64Array(outside + 1).fill(Infinity)
  const to = new Float64Array(outside + 1).fill(-Infinity)
  const ops = new Uint32Array(outside + 1)
  const take = (target: number, burst: Burst): void => {
    if (burst.start < from[target]!) from[target] = burst.start
    if (burst.end > to[target]!) to[target] = burst.end
  }
  const idsOutside: number[] = []
  let last = NONE
  let outsideCall = NONE
  for (let call = 0; call < api.length; call++) {
    if (first[call] === first[call + 1]) continue
    const burst = burstOf(trace, pairs.op, order, first[call]!, first[call + 1]!)
    if (around.first[call] === around.first[call + 1]) {
      idsOutside.push(api.correlation![call]!)
      const isEarlier = burst.end === to[outside] && comesFirst(trace, burst.last, call, last, outsideCall)
      if (burst.end > to[outside]! || isEarlier) [last, outsideCall] = [burst.last, call]
      take(outside, burst)
    }
    for (let k = around.first[call]!; k < around.first[call + 1]!; k++) {
      const range = around.ranges[k]!
      take(range, burst)
      if (!isCounted(trace, around, call, range)) ops[range]!++
    }
  }
  ops[outside] = groupRows(idsOutside.length, [Uint32Array.from(idsOutside)]).count
  return { from, to, ops, outsideCall }
}

function burstOf(trace: Trace, op: Uint32Array, order: Uint32Array, first: number, end: number): Burst {
  const { device_op: ops } = trace
  const burst = { start: Infinity, end: -Infinity, last: NONE }
  for (let k = first; k < end; k++) {
    const row = op[order[k]!]!
    const rowEnd = ops.start[row]! + ops.duration[row]!
    if (ops.start[row]! < burst.start) burst.start = ops.start[row]!
    if (rowEnd > burst.end || (rowEnd === burst.end && scanOrder(trace, row, burst.last) < 0))
      burst.last = row
    if (rowEnd > burst.end) burst.end = rowEnd
  }
  return burst
}

/** Whether an earlier call with the same correlation id lies in the range too (a backtrace twin): then both are one op. */
function isCounted(trace: Trace, around: Enclosing, call: number, range: number): boolean {
  const { api_call: api, thread } = trace
  const chains = callChains(trace)
  let other = chains.first(thread.process[api.thread[call]!]!, api.correlation![call]!)
  for (; other !== call; other = chains.next[other]!)
    for (let k = around.first[other]!; k < around.first[other + 1]!; k++)
      if (around.ranges[k] === range) return true
  return false
}

/** Whether nsys comes upon (op, call) before (otherOp, otherCall). */
const comesFirst = (trace: Trace, op: number, call: number, otherOp: number, otherCall: number): boolean =>
  (scanOrder(trace, op, otherOp) || trace.api_call.sourceRow[call]! - trace.api_call.sourceRow[otherCall]!) <
  0
