/**
 * Device ops by name: how often, how long, what class.
 */
import { DeviceOpKind, deviceOpKinds } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
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
  const groups = new Map<string, number[]>()
  for (let op = 0; op < ops.length; op++) {
    const isNode = ops.kind[op] === DeviceOpKind.node
    const name =
      strings[(isNode ? ops.shortName?.[op] : undefined) ?? ops.name[op]!] ?? strings[ops.name[op]!]!
    const known = groups.get(name)
    if (known === undefined) groups.set(name, [op])
    else known.push(op)
  }
  return [...groups]
    .map(([name, rows]): KernelRow => {
      const durations = Float64Array.from(rows, (op) => ops.duration[op]!).sort()
      const middle = durations.length >> 1
      return {
        name,
        class: BUSY_CLASSES[classes[rows[0]!]!]!,
        kind: deviceOpKinds[ops.kind[rows[0]!]!]!,
        count: rows.length,
        totalNs: durations.reduce((sum, d) => sum + d, 0),
        minNs: durations[0]!,
        medianNs:
          durations.length % 2 === 1 ? durations[middle]! : (durations[middle - 1]! + durations[middle]!) / 2,
        maxNs: durations[durations.length - 1]!,
      }
    })
    .sort((a, b) => b.totalNs - a.totalNs || (a.name < b.name ? -1 : 1))
}
