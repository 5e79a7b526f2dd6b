/** Numbers by what they are of: out of our analyses, and out of the rows that nsys printed. */
import { kernels } from '../../../analysis/kernels.ts'
import { writeThousandths } from '../../../analysis/nsys/rounding.ts'
import { phaseTree, withoutCounters } from '../../../analysis/phase-tree.ts'
import { phases } from '../../../analysis/phases.ts'
import type { PhaseRow } from '../../../analysis/phases.ts'
import { transfers } from '../../../analysis/transfers.ts'
import { NONE } from '../../../trace/column.ts'
import { DeviceOpKind } from '../../../trace/tables.ts'
import type { Trace } from '../../../trace/trace.ts'

/** A printed row by its column titles. */
export type Row = Readonly<Record<string, string>>
/** Numbers by what they are of. */
export type Numbers = ReadonlyMap<string, number | string>

export interface Counterpart {
  /** Key of the definition. */
  key: string
  report: string
  column: string
  ours: (trace: Trace) => Numbers
  theirs: (rows: readonly Row[]) => Numbers
  /** The condition that the definition states. */
  where?: (trace: Trace) => boolean
  /** Whose names are compared, where one side has more of them by its nature; both sides' otherwise. */
  only?: 'ours' | 'theirs'
}

const BACKTRACE = 67
export const hasTwins = (trace: Trace): boolean => trace.api_call.eventClass?.includes(BACKTRACE) === true
export const hasOpenRanges = (trace: Trace): boolean => trace.range.open.includes(1)
/** A CUDA graph that was recorded as a whole, its kernels hidden. */
export const hasWholeGraphs = (trace: Trace): boolean => trace.device_op.kind.includes(DeviceOpKind.graph)
/** Several kernels of one call: a CUDA graph, node by node. */
export const hasNodes = ({ device_op: { launch } }: Trace): boolean => {
  const calls = [...(launch ?? [])].filter((call) => call !== NONE)
  return new Set(calls).size < calls.length
}
/** A copy of a kind that CUPTI's enumeration has no name for. */
export const hasUnnamedCopies = (trace: Trace): boolean =>
  opsOf(trace, ON_DEVICE).some((op) => isUnnamed(nameOf(trace, op)))
const isUnnamed = (name: string): boolean => /^\[CUDA memcpy kind \d+\]$/.test(name)
const nameOf = (trace: Trace, op: number): string => trace.strings[trace.device_op.name[op]!]!
/** A range inside one of its own name. */
export const isSelfNested = (trace: Trace): boolean =>
  phaseTree(trace).paths.some((path) => new Set(path.split('/')).size < path.split('/').length)

/** Sums of a value by key, in an order that makes no difference. */
export function sums<T>(rows: Iterable<T>, keyOf: (row: T) => string, valueOf: (row: T) => number): Numbers {
  const found = new Map<string, number>()
  for (const row of rows) found.set(keyOf(row), (found.get(keyOf(row)) ?? 0) + valueOf(row))
  return found
}

export function grouped<T>(rows: Iterable<T>, keyOf: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row])
  return found
}

/** How often each text comes. */
export const counted = (texts: Iterable<string>): Numbers => sums(texts, (text) => text, () => 1) // prettier-ignore

/** Their column, summed over rows of the same name. */
export const theirSums =
  (name: string, column: string) =>
  (rows: readonly Row[]): Numbers =>
    sums(rows, (row) => row[name]!, (row) => Number(row[column])) // prettier-ignore

export const theirCells =
  (name: string, column: string) =>
  (rows: readonly Row[]): Numbers =>
    new Map(rows.map((row) => [row[name]!, Number(row[column])]))

export const theirCounts =
  (...columns: string[]) =>
  (rows: readonly Row[]): Numbers =>
    counted(rows.map((row) => columns.map((column) => row[column]).join(' | ')))

type KernelRow = ReturnType<typeof kernels.compute>['kernels'][number]

/** Of kernels, or of copies and sets, by name. */
const byName =
  (kinds: readonly string[], valueOf: (row: KernelRow) => number) =>
  (trace: Trace): Numbers =>
    new Map(
      kernels
        .compute(trace, {})
        .kernels.filter(({ kind, name }) => kind !== null && kinds.includes(kind) && !isUnnamed(name))
        .map((row) => [row.name, valueOf(row)]),
    )

/** Both reports about device work by name. */
export function ofDeviceWork(
  key: string,
  column: string,
  valueOf: (row: KernelRow) => number,
): Counterpart[] {
  const memory = column === 'Instances' ? 'Count' : column
  return [
    {
      key,
      report: 'cuda_gpu_kern_sum',
      column,
      ours: byName(['kernel'], valueOf),
      theirs: theirCells('Name', column),
    },
    {
      key,
      report: 'cuda_gpu_mem_time_sum',
      column: memory,
      ours: byName(['copy', 'set'], valueOf),
      theirs: theirCells('Operation', memory),
    },
  ]
}

/** Of ranges by name, all their paths together. */
export const byRange =
  (valueOf: (row: PhaseRow) => number) =>
  (trace: Trace): Numbers => {
    const { paths, parentOf, indexOf } = phaseTree(trace)
    const nameOf = ({ path }: PhaseRow): string => {
      const parent = parentOf[indexOf.get(path)!]!
      return parent === 0 ? path : path.slice(paths[parent]!.length + 1)
    }
    // nsys knows no phases but ranges.
    const rows = phases.compute(trace, {}).phases.filter(({ source }) => source === 'range')
    const found = sums(rows, nameOf, valueOf)
    return new Map([...found].filter(([, value]) => value !== 0))
  }

/** Their rows for ranges, those without a name left out. */
const named = (column: string, theirs: (rows: readonly Row[]) => Numbers) => (rows: readonly Row[]) =>
  theirs(rows.filter((row) => row[column] !== ''))

/** Their names keep what numbers repetitions: those rows are one of ours. */
const nsysName = (range: string): string => withoutCounters(range.replace(/^:/, ''))
export const ofRanges = (name: string, column: string) =>
  named(name, (rows) => sums(rows, (row) => nsysName(row[name]!), (row) => Number(row[column]))) // prettier-ignore

/** Calls of `cuda_kern_exec_trace`, each once. */
export const theirCalls = (rows: readonly Row[]): Row[] => [
  ...new Map(
    rows.map((row) => [`${row.PID} ${row.TID} ${row['API Start (ns)']} ${row['API Function']}`, row]),
  ).values(),
]

export const startOf = (trace: Trace, time: number): string =>
  String(BigInt(time) + BigInt(trace.meta.originNs))

export const opsOf = (trace: Trace, kinds: readonly number[]): number[] =>
  Array.from(trace.device_op.kind.keys()).filter((op) => kinds.includes(trace.device_op.kind[op]!))
export const ON_DEVICE = [DeviceOpKind.kernel, DeviceOpKind.copy, DeviceOpKind.set]

/** A column of every kernel, as often as each value comes. */
export const ofKernels = (
  key: string,
  column: string,
  valueOf: (trace: Trace, op: number) => string,
): Counterpart => ({
  key,
  report: 'cuda_gpu_trace',
  column,
  ours: (trace) => counted(opsOf(trace, [DeviceOpKind.kernel]).map((op) => valueOf(trace, op))),
  theirs: (rows) => counted(rows.filter((row) => row.GrdX !== '').map((row) => row[column]!)),
})

const inMegabytes = (bytes: number): number => Number(writeThousandths(bytes / 1e6))

type TransferRow = ReturnType<typeof transfers.compute>['transfers'][number]
export const byDirection =
  (merge: (rows: readonly TransferRow[]) => number) =>
  (trace: Trace): Numbers =>
    new Map(
      [
        ...grouped(
          transfers.compute(trace, {}).transfers.filter(({ name }) => !isUnnamed(name)),
          ({ name }) => name,
        ),
      ].map(([name, rows]) => [name, inMegabytes(merge(rows))]),
    )

/** Between which kinds of memory copies went. */
export const between = (key: 'from' | 'to', column: string): Counterpart => ({
  key,
  report: 'cuda_gpu_trace',
  column,
  ours: (trace) =>
    sums(
      transfers.compute(trace, {}).transfers.filter((row) => row.from !== '—' && !isUnnamed(row.name)),
      (row) => `${row.name} | ${row[key]}`,
      (row) => row.count,
    ),
  theirs: (rows) =>
    counted(
      rows
        .filter((row) => row.Name!.startsWith('[CUDA memcpy'))
        .map((row) => `${row.Name} | ${row[column]!.toLowerCase()}`),
    ),
})
