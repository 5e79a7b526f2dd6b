/** Each NVTX range projected onto the GPU, by its row number in the file; work outside every range in a row before them. */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { projection, PROJECTION_NEEDS } from './nvtx-projection.ts'
import type { Projection } from './nvtx-projection.ts'
import { nvtxRanges, STYLES } from './nvtx-ranges.ts'
import { pathOf } from './range-tree.ts'
import { integers, report, texts } from './report.ts'
import { sourceTimes } from './source-time.ts'

export const nvtxGpuProjTrace = report({
  id: 'nvtx_gpu_proj_trace',
  title: 'NVTX ranges projected onto the GPU, trace',
  kind: 'report',
  needs: PROJECTION_NEEDS,
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
