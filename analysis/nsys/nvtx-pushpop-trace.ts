/** Every push/pop range that hangs on a root, by start, with its place among the others of its thread. */
import { NONE } from '../../trace/column.ts'
import { orNull } from './duration-summary.ts'
import { NVTX } from './needs.ts'
import { lastNvtxTime, nvtxRanges, rangeEnds } from './nvtx-ranges.ts'
import { pathOf, rangeTree } from './range-tree.ts'
import { integers, report, texts } from './report.ts'
import { rowsWhere, taken } from '../rows.ts'
import { sourceTimes } from './source-time.ts'

export const nvtxPushpopTrace = report({
  id: 'nvtx_pushpop_trace',
  title: 'NVTX push/pop range trace',
  kind: 'report',
  needs: [{ table: 'StringIds' }, { table: NVTX }],
  parameters: {},
  columns: [
    ...integers('Start (ns)', 'End (ns)', 'Duration (ns)', 'DurChild (ns)', 'DurNonChild (ns)'),
    ...texts('Name'),
    ...integers('PID', 'TID', 'Lvl', 'NumChild', 'RangeId', 'ParentId'),
    ...texts('RangeStack', 'NameTree'),
  ],
  rows: (trace) => {
    const { range, thread, process } = trace
    const ranges = nvtxRanges(trace)
    const ends = rangeEnds(trace, lastNvtxTime(trace, 'push/pop'))
    const chosen = rowsWhere(ranges.length, (i) => ranges.style[i] === 0)
    const rows = taken(ranges.row, chosen)
    const spans = {
      length: rows.length,
      start: taken(range.start, rows),
      end: taken(ends, chosen),
      thread: taken(range.thread, rows),
      id: taken(range.sourceRow, rows),
    }
    const tree = rangeTree(spans)
    const children = new Uint32Array(rows.length)
    const childTime = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const parent = tree.parent[i]!
      if (parent === NONE) continue
      children[parent]!++
      childTime[parent]! += spans.end[i]! - spans.start[i]!
    }
    const shown = rowsWhere(rows.length, (i) => tree.level[i]! >= 0).sort(
      (a, b) => spans.start[a]! - spans.start[b]! || spans.end[a]! - spans.end[b]! || a - b,
    )
    const time = sourceTimes(trace)
    return {
      length: shown.length,
      row: (index) => {
        const i = shown[index]!
        const duration = spans.end[i]! - spans.start[i]!
        const name = ranges.names[ranges.name[chosen[i]!]!]!
        const row = spans.thread[i]!
        const parent = tree.parent[i]!
        return [
          time(spans.start[i]!),
          time(spans.end[i]!),
          orNull(duration),
          childTime[i]!,
          orNull(duration - childTime[i]!),
          name,
          process.pid[thread.process[row]!]!,
          thread.tid[row]!,
          tree.level[i]!,
          children[i]!,
          spans.id[i]!,
          parent === NONE ? null : spans.id[parent]!,
          pathOf(spans, tree, i),
          name === null ? null : '--'.repeat(tree.level[i]!) + name,
        ]
      },
    }
  },
})
