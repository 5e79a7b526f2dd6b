/**
 * Device ops by name: how often, how long, what class.
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind, deviceOpKinds } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { bucketed, quantilesOf } from './group-quantiles.ts'
import { groupRows } from './groups.ts'
import type { Groups } from './groups.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'

export interface KernelRow {
  name: string
  class: string
  /** kernel, copy, set, graph or node. */
  kind: string
  count: number
  totalNs: number
  minNs: number
  medianNs: number
  maxNs: number
}

export const kernels = analysis({
  id: 'kernels',
  title: 'Kernels',
  about: 'Every kernel, copy, set, graph and node by name: how often it ran and how long.',
  needs: ['device_op'],
  parameters: {},
  compute: (trace): { kernels: KernelRow[]; totalNs: number } => {
    const rows = kernelRows(trace)
    return { kernels: rows, totalNs: rows.reduce((sum, row) => sum + row.totalNs, 0) }
  },
  tables: (result) => [
    {
      title: 'Kernels',
      columns: [
        { key: 'name', title: 'Name' },
        { key: 'class', title: 'Class' },
        { key: 'count', title: 'Count', unit: 'count' },
        { key: 'totalNs', title: 'Total', unit: 'ns' },
        { key: 'share', title: 'Share of sum', unit: 'percent' },
        { key: 'minNs', title: 'Min', unit: 'ns' },
        { key: 'medianNs', title: 'Median', unit: 'ns' },
        { key: 'maxNs', title: 'Max', unit: 'ns' },
      ],
      rows: result.kernels.map((row) => ({
        ...row,
        share: result.totalNs === 0 ? null : (100 * row.totalNs) / result.totalNs,
      })),
    },
  ],
})

/** Longest total first. A node goes by its operator type, since every node has a name of its own. */
export function kernelRows(trace: Trace): KernelRow[] {
  const { device_op: ops, strings } = trace
  const classes = classOfOps(trace)
  // A node without an operator type goes by its own name.
  const names = ops.name.slice()
  if (ops.shortName !== undefined && ops.kind.includes(DeviceOpKind.node))
    for (let op = 0; op < names.length; op++)
      if (ops.kind[op] === DeviceOpKind.node && ops.shortName[op] !== NONE) names[op] = ops.shortName[op]!
  const groups = groupRows(names.length, [names])
  const { count, total, least, greatest } = sumsOf(ops.duration, groups)
  const [median] = quantilesOf(bucketed(ops.duration), groups, [0.5])
  return Array.from(groups.first, (op, group): KernelRow => ({
    name: strings[names[op]!]!,
    class: BUSY_CLASSES[classes[op]!]!,
    kind: deviceOpKinds[ops.kind[op]!]!,
    count: count[group]!,
    totalNs: total[group]!,
    minNs: least[group]!,
    medianNs: median![group]!,
    maxNs: greatest[group]!,
  })).sort((a, b) => b.totalNs - a.totalNs || (a.name < b.name ? -1 : 1))
}

function sumsOf(values: Float64Array, { of, count: groups }: Groups) {
  const count = new Uint32Array(groups)
  const total = new Float64Array(groups)
  const least = new Float64Array(groups).fill(Infinity)
  const greatest = new Float64Array(groups).fill(-Infinity)
  for (let row = 0; row < values.length; row++) {
    const group = of[row]!
    const value = values[row]!
    count[group]!++
    total[group]! += value
    if (value < least[group]!) least[group] = value
    if (value > greatest[group]!) greatest[group] = value
  }
  return { count, total, least, greatest }
}
