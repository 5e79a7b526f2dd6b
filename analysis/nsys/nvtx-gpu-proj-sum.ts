/** NVTX ranges projected onto the GPU, by name and style. Nested and overlapping ones are not subtracted. */
import { orNull, tenthsOrNull } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { projection, PROJECTION_NEEDS } from './nvtx-projection.ts'
import { nvtxRanges, STYLES } from './nvtx-ranges.ts'
import { integers, listed, report, tenths, texts } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { numberColumn, rowsAmong, taken } from '../rows.ts'
import { statisticsOf } from '../statistics.ts'

export const nvtxGpuProjSum = report({
  id: 'nvtx_gpu_proj_sum',
  title: 'NVTX ranges projected onto the GPU, summary',
  kind: 'report',
  needs: PROJECTION_NEEDS,
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
    const named = rowsAmong(p.shown, (i) => ranges.name[i] !== 0)
    const groups = groupRows(named.length, [taken(ranges.name, named), taken(ranges.style, named)])
    const of = (value: (i: number) => number) =>
      statisticsOf(
        numberColumn(named.length, (k) => value(named[k]!)),
        groups,
      )
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
