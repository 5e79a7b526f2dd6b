/**
 * Device ops by name, launch shape, class or phase: how often and how long.
 */
import { NONE } from '../trace/column.ts'
import { UserError } from '../trace/errors.ts'
import { DeviceOpKind, deviceOpKinds } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import type { ResultColumn } from './analysis.ts'
import { derived } from './derived.ts'
import { bucketed, quantilesOf } from './group-quantiles.ts'
import { groupRows } from './groups.ts'
import type { Groups } from './groups.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import { opsInWindow } from './ops-in-window.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { taken } from './rows.ts'
import { WINDOW_PARAMETERS } from './windows.ts'

export interface KernelRow {
  /** The full name, the class, or the path of the innermost phase around the launch: what `by` asks for. */
  name: string
  /** The class of the work; by phase the one with the longest sum. */
  class: string
  /** kernel, copy, set, graph or node; null by class and by phase. */
  kind: string | null
  /** By shape: blocks of the launch and threads of a block, "822×1×16"; null where none were recorded. */
  grid?: string | null
  block?: string | null
  count: number
  totalNs: number
  minNs: number
  medianNs: number
  maxNs: number
}

const GROUPINGS = ['name', 'shape', 'class', 'phase'] as const
type Grouping = (typeof GROUPINGS)[number]

export const kernels = analysis({
  id: 'kernels',
  title: 'Kernels',
  about:
    'Every kernel, copy, set, graph and node by name, launch shape, class or phase: how often it ran and how long.',
  needs: ['device_op'],
  parameters: {
    by: { type: 'text', about: '"name" (default), "shape" (name, grid and block), "class" or "phase"' },
    ...WINDOW_PARAMETERS,
  },
  compute: (trace, { by, ...choice }): { by: Grouping; kernels: readonly KernelRow[]; totalNs: number } => {
    const grouping = GROUPINGS.find((one) => one === (by ?? 'name'))
    if (grouping === undefined)
      throw new UserError('bad-request', `kernels: by must be one of ${GROUPINGS.join(', ')}, not "${by}"`)
    const some = opsInWindow(trace, choice)
    const rows =
      grouping === 'name' && some === undefined ? rowsByName(trace) : kernelRows(trace, grouping, some)
    return { by: grouping, kernels: rows, totalNs: rows.reduce((sum, row) => sum + row.totalNs, 0) }
  },
  tables: (result) => [
    {
      title: 'Kernels',
      columns: [
        ...NAMES[result.by],
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

/** What says of what a row is. */
const NAMES: Record<Grouping, readonly ResultColumn[]> = {
  name: [
    { key: 'name', title: 'Name' },
    { key: 'class', title: 'Class' },
  ],
  shape: [
    { key: 'name', title: 'Name' },
    { key: 'grid', title: 'Grid' },
    { key: 'block', title: 'Block' },
    { key: 'class', title: 'Class' },
  ],
  class: [{ key: 'name', title: 'Class' }],
  phase: [
    { key: 'name', title: 'Phase' },
    { key: 'class', title: 'Mostly' },
  ],
}

/** All ops by name. */
export const rowsByName = derived((trace): readonly KernelRow[] => kernelRows(trace, 'name'))

/** Longest total first, of all ops or of some. A node goes by its operator type, since every node has a name of its own. */
function kernelRows(trace: Trace, by: Grouping, some?: Uint32Array): KernelRow[] {
  const { device_op: ops } = trace
  const columns = keysOf(trace, by)
  const keys = some === undefined ? columns : columns.map((column) => taken(column, some))
  const durations = some === undefined ? ops.duration : taken(ops.duration, some)
  const groups = groupRows(durations.length, keys)
  const { count, total, least, greatest } = sumsOf(durations, groups)
  const [median] = quantilesOf(bucketed(durations), groups, [0.5])
  const nameOf = labels(trace, by, columns[0]!)
  const main = by === 'phase' ? mainClasses(trace, some, groups) : undefined
  return Array.from(groups.first, (row, group): KernelRow => ({
    ...nameOf(some === undefined ? row : some[row]!),
    ...(main === undefined ? {} : { class: main[group]! }),
    count: count[group]!,
    totalNs: total[group]!,
    minNs: least[group]!,
    medianNs: median![group]!,
    maxNs: greatest[group]!,
  })).sort((a, b) => b.totalNs - a.totalNs || (a.name < b.name ? -1 : 1))
}

/** The columns that ops of one group agree in. */
function keysOf(trace: Trace, by: Grouping): Uint32Array[] {
  const { device_op: ops } = trace
  if (by === 'phase') return [phaseOfOps(trace)]
  if (by === 'class') return [Uint32Array.from(classOfOps(trace))]
  const names = groupingNames(ops)
  if (by === 'name') return [names]
  const { gridX, gridY, gridZ, blockX, blockY, blockZ } = ops
  return [names, ...[gridX, gridY, gridZ, blockX, blockY, blockZ].filter((column) => column !== undefined)]
}

/** The operator type of nodes, the name of all others; a node without a type goes by its own name. */
function groupingNames({ name, shortName, kind }: Trace['device_op']): Uint32Array {
  if (shortName === undefined || !kind.includes(DeviceOpKind.node)) return name
  return name.map((own, op) =>
    kind[op] === DeviceOpKind.node && shortName[op] !== NONE ? shortName[op]! : own,
  )
}

/** What a group is called, by one of its ops. */
function labels(trace: Trace, by: Grouping, key: Uint32Array) {
  const { device_op: ops, strings } = trace
  if (by === 'phase') {
    const { paths } = phaseTree(trace)
    return (op: number) => ({ name: paths[key[op]!]!, class: '', kind: null })
  }
  if (by === 'class')
    return (op: number) => ({ name: BUSY_CLASSES[key[op]!]!, class: BUSY_CLASSES[key[op]!]!, kind: null })
  const classes = classOfOps(trace)
  const named = (op: number) => ({
    name: strings[key[op]!]!,
    class: BUSY_CLASSES[classes[op]!]!,
    kind: deviceOpKinds[ops.kind[op]!]!,
  })
  if (by === 'name') return named
  const { gridX, gridY, gridZ, blockX, blockY, blockZ } = ops
  return (op: number) => ({
    ...named(op),
    grid: extent([gridX?.[op], gridY?.[op], gridZ?.[op]]),
    block: extent([blockX?.[op], blockY?.[op], blockZ?.[op]]),
  })
}

/** The class with the longest sum in each group. */
function mainClasses(trace: Trace, some: Uint32Array | undefined, { of, count }: Groups): string[] {
  const classes = classOfOps(trace)
  const { duration } = trace.device_op
  const sums = new Float64Array(count * BUSY_CLASSES.length)
  for (let i = 0; i < of.length; i++) {
    const op = some === undefined ? i : some[i]!
    sums[of[i]! * BUSY_CLASSES.length + classes[op]!]! += duration[op]!
  }
  return Array.from({ length: count }, (_, group) => {
    const mine = sums.subarray(group * BUSY_CLASSES.length, (group + 1) * BUSY_CLASSES.length)
    return BUSY_CLASSES[mine.indexOf(Math.max(...mine))]!
  })
}

const extent = (sizes: readonly (number | undefined)[]): string | null =>
  sizes.some((size) => size === undefined || size === NONE) ? null : sizes.join('×')

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
