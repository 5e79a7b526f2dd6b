/**
 * NVTX ranges projected onto the GPU: from the start of the first to the end of the last op that a range's calls launched.
 * That is a span, idle time inside it included.
 */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { orNull, tenthsOrNull } from './duration-summary.ts'
import { enclosing, isOnOneThread } from './enclosing-ranges.ts'
import { groupRows } from './groups.ts'
import { launchPairs } from './launch-pairs.ts'
import { GPU_WORK, NVTX, RUNTIME } from './needs.ts'
import { nvtxRanges, STYLES } from './nvtx-ranges.ts'
import { pathOf, rangeTree } from './range-tree.ts'
import type { RangeTree, Spans } from './range-tree.ts'
import { integers, listed, report, tenths, texts } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { sourceTimes } from './source-time.ts'
import { statisticsOf } from './statistics.ts'
import { taken, workRows } from './work-rows.ts'

const NEEDS = [
  { table: 'StringIds' },
  { table: NVTX },
  { anyOf: GPU_WORK },
  { table: RUNTIME },
  { column: 'globalPid', of: GPU_WORK },
] as const

interface Projection {
  /** Positions in nvtxRanges of the ranges with work, by row number of the file. */
  readonly shown: Uint32Array
  /** By position; `outside` stands behind the last: work launched outside every range. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** Different correlation ids. */
  readonly ops: Uint32Array
  readonly outside: number
  /** The call whose process and thread nsys prints for the work outside: that of the op which ends last. */
  readonly outsideCall: number
  readonly children: Uint32Array
  readonly spans: Spans
  readonly tree: RangeTree
}

const projection = derived((trace): Projection => {
  const { device_op: ops, range } = trace
  const ranges = nvtxRanges(trace)
  const { first, ranges: around, ends } = enclosing(trace)
  const pairs = launchPairs(trace, workRows(trace))
  const outside = ranges.length
  const from = new Float64Array(outside + 1).fill(Infinity)
  const to = new Float64Array(outside + 1).fill(-Infinity)
  const counted = { range: [] as number[], correlation: [] as number[] }
  let last = { op: NONE, call: NONE }
  const take = (target: number, op: number): void => {
    if (ops.start[op]! < from[target]!) from[target] = ops.start[op]!
    const end = ops.start[op]! + ops.duration[op]!
    if (end > to[target]!) to[target] = end
    counted.range.push(target)
    counted.correlation.push(ops.correlation![op]!)
  }
  for (let i = 0; i < pairs.length; i++) {
    const call = pairs.call[i]!
    for (let k = first[call]!; k < first[call + 1]!; k++) take(around[k]!, pairs.op[i]!)
    if (first[call] === first[call + 1]) {
      const op = pairs.op[i]!
      const later = ops.start[op]! + ops.duration[op]! - to[outside]!
      take(outside, op)
      if (later > 0 || (later === 0 && comesFirst(trace, { op, call }, last))) last = { op, call }
    }
  }
  const targets = Uint32Array.from(counted.range)
  const opCount = new Uint32Array(outside + 1)
  const distinct = groupRows(targets.length, [targets, Uint32Array.from(counted.correlation)])
  for (const row of distinct.first) opCount[targets[row]!]!++
  const spans = {
    length: ranges.length,
    start: taken(range.start, ranges.row),
    // A range that ended on another thread takes no part: without an end it neither contains nor is contained.
    end: ends.map((end, i) => (isOnOneThread(trace, ranges.row[i]!) ? end : NaN)),
    thread: taken(range.thread, ranges.row),
    id: taken(range.sourceRow, ranges.row),
  }
  const tree = rangeTree(spans)
  const children = new Uint32Array(outside + 1)
  const shown = Uint32Array.from(ranges.row.keys())
    .filter((i) => opCount[i]! > 0)
    .sort((a, b) => spans.id[a]! - spans.id[b]!)
  for (const i of shown) if (tree.parent[i] !== NONE) children[tree.parent[i]!]!++
  return { shown, from, to, ops: opCount, outside, outsideCall: last.call, children, spans, tree }
})

interface Pair {
  op: number
  call: number
}

/** Whether nsys comes upon pair a before b: kernels, then copies, then sets, in the file's order. */
function comesFirst({ device_op: ops, api_call: api }: Trace, a: Pair, b: Pair): boolean {
  return (
    (ops.kind[a.op]! - ops.kind[b.op]! ||
      ops.sourceRow[a.op]! - ops.sourceRow[b.op]! ||
      api.sourceRow[a.call]! - api.sourceRow[b.call]!) < 0
  )
}

export const nvtxGpuProjTrace = report({
  id: 'nvtx_gpu_proj_trace',
  title: 'NVTX ranges projected onto the GPU, trace',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [
    ...texts('Name'),
    ...integers('Projected Start (ns)', 'Projected Duration (ns)', 'Orig Start (ns)', 'Orig Duration (ns)'),
    ...texts('Style'),
    ...integers('PID', 'TID', 'NumGPUOps', 'Lvl', 'NumChild', 'RangeId', 'ParentId'),
    ...texts('RangeStack'),
  ],
  rows: (trace) => {
    const p = projection(trace)
    const { thread, process } = trace
    const ranges = nvtxRanges(trace)
    const time = sourceTimes(trace)
    const pidOf = (row: number): number => process.pid[thread.process[row]!]!
    const hasOutside = p.ops[p.outside]! > 0
    return {
      length: p.shown.length + (hasOutside ? 1 : 0),
      row: (index) => {
        if (hasOutside && index === 0) return outsideRow(trace, p)
        const i = p.shown[hasOutside ? index - 1 : index]!
        const row = p.spans.thread[i]!
        const level = p.tree.level[i]!
        const parent = p.tree.parent[i]!
        return [
          ranges.names[ranges.name[i]!]!,
          time(p.from[i]!),
          p.to[i]! - p.from[i]!,
          time(p.spans.start[i]!),
          p.spans.end[i]! - p.spans.start[i]!,
          STYLES[ranges.style[i]!]!,
          pidOf(row),
          thread.tid[row]!,
          p.ops[i]!,
          level === -1 ? null : level,
          p.children[i]!,
          p.spans.id[i]!,
          level === -1 || parent === NONE ? null : p.spans.id[parent]!,
          pathOf(p.spans, p.tree, i),
        ]
      },
    }
  },
})

/** Work launched outside every range, in one row without a name. */
function outsideRow(trace: Trace, p: Projection) {
  const { thread, process, api_call: api } = trace
  const row = api.thread[p.outsideCall]!
  const { outside } = p
  return [
    null,
    sourceTimes(trace)(p.from[outside]!),
    p.to[outside]! - p.from[outside]!,
    null,
    null,
    null,
    process.pid[thread.process[row]!]!,
    thread.tid[row]!,
    p.ops[outside]!,
    null,
    0,
    null,
    null,
    null,
  ]
}

export const nvtxGpuProjSum = report({
  id: 'nvtx_gpu_proj_sum',
  title: 'NVTX ranges projected onto the GPU, summary',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [
    ...texts('Range', 'Style'),
    ...integers('Total Proj Time (ns)', 'Total Range Time (ns)', 'Range Instances'),
    ...tenths('Proj Avg (ns)', 'Proj Med (ns)'),
    ...integers('Proj Min (ns)', 'Proj Max (ns)'),
    ...tenths('Proj StdDev (ns)'),
    ...integers('Total GPU Ops'),
    ...tenths('Avg GPU Ops', 'Avg Range Lvl', 'Avg Num Child'),
  ],
  rows: (trace) => {
    const p = projection(trace)
    const ranges = nvtxRanges(trace)
    const named = p.shown.filter((i) => ranges.name[i] !== 0)
    const groups = groupRows(named.length, [taken(ranges.name, named), taken(ranges.style, named)])
    const of = (value: (i: number) => number) => statisticsOf(Float64Array.from(named, value), groups)
    const projected = of((i) => p.to[i]! - p.from[i]!)
    const original = of((i) => p.spans.end[i]! - p.spans.start[i]!)
    const ops = of((i) => p.ops[i]!)
    const levels = of((i) => (p.tree.level[i] === -1 ? NaN : p.tree.level[i]!))
    const children = of((i) => p.children[i]!)
    const order = Array.from(groups.first.keys()).sort((a, b) => projected.total[b]! - projected.total[a]!)
    return listed(
      order.map((g) => {
        const i = named[groups.first[g]!]!
        return [
          ranges.names[ranges.name[i]!]!,
          STYLES[ranges.style[i]!]!,
          projected.total[g]!,
          original.total[g]!,
          projected.count[g]!,
          tenthsOrNull(projected.average[g]!),
          tenthsOrNull(projected.median[g]!),
          orNull(projected.minimum[g]!),
          orNull(projected.maximum[g]!),
          roundToTenths(projected.deviation[g]!),
          ops.total[g]!,
          tenthsOrNull(ops.average[g]!),
          tenthsOrNull(levels.average[g]!),
          tenthsOrNull(children.average[g]!),
        ]
      }),
    )
  },
})
