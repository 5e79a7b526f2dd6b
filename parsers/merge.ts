/**
 * Several Traces of one execution, already on one time axis, as one.
 *
 * Processes and threads of the same id become one row, and so do in-process devices of the same name; everything else
 * stands side by side. Every table is sorted again and every link follows.
 */
import { StringPool, tableFrom } from '../trace/builder.ts'
import { NONE, NONE_U16, elementOf, isAbsent, isOptional, newArray, sentinelOf } from '../trace/column.ts'
import type { ColumnArray } from '../trace/column.ts'
import { columnOf } from '../trace/table.ts'
import { specOf, tableNames } from '../trace/tables.ts'
import type { TableName } from '../trace/tables.ts'
import type { Trace, TraceMeta, TraceTables } from '../trace/trace.ts'

/** For each trace: old row → new row. */
type RowMaps = Uint32Array[]
/** For each new row where it comes from. */
interface Layout {
  maps: RowMaps
  from: { trace: number; row: number }[]
}

export function mergeTraces(traces: readonly Trace[], meta: TraceMeta): Trace {
  const pool = new StringPool()
  const strings = traces.map((trace) => Uint32Array.from(trace.strings, (text) => pool.intern(text)))
  const layouts = {} as Record<TableName, Layout>
  // Threads are told apart by their process' new row, streams sorted by their device's: so in this order.
  layouts.device = shared(traces, 'device', (trace, row) => deviceKey(traces[trace]!, trace, row))
  layouts.process = shared(traces, 'process', (trace, row) => String(traces[trace]!.process.pid[row]))
  layouts.thread = shared(traces, 'thread', (trace, row) => {
    const { thread } = traces[trace]!
    return `${layouts.process.maps[trace]![thread.process[row]!]} ${thread.tid[row]}`
  })
  for (const name of tableNames) layouts[name] ??= concatenated(traces, name, layouts)

  const merged = Object.fromEntries(
    tableNames.map((name) => [name, mergedTable(traces, name, layouts, strings)]),
  ) as unknown as TraceTables
  return { ...merged, strings: pool.strings, meta }
}

/** In-process devices are the same by name; a GPU of one file is not the GPU of another. */
function deviceKey(trace: Trace, index: number, row: number): string {
  const name = trace.strings[trace.device.name?.[row] ?? 0] ?? ''
  return name.endsWith('(ONNX Runtime)') ? name : `${index} ${row}`
}

/** Rows with the same key become one, the first. */
function shared(
  traces: readonly Trace[],
  name: TableName,
  keyOf: (trace: number, row: number) => string,
): Layout {
  const rows = new Map<string, number>()
  const from: Layout['from'] = []
  const maps = traces.map((trace, t) =>
    Uint32Array.from({ length: trace[name].length }, (_, row) => {
      const key = keyOf(t, row)
      const known = rows.get(key)
      if (known !== undefined) return known
      const added = from.push({ trace: t, row }) - 1
      rows.set(key, added)
      return added
    }),
  )
  return { maps, from }
}

/** All rows of all, in the table's order. Ranges that start together: parents, which are longer and less deep, first. */
function concatenated(traces: readonly Trace[], name: TableName, layouts: Record<TableName, Layout>): Layout {
  const from = traces.flatMap((trace, t) =>
    Array.from({ length: trace[name].length }, (_, row) => ({ trace: t, row })),
  )
  const keys = sortKeys(traces, name, layouts)
  from.sort((a, b) => {
    for (const key of keys) {
      const difference = key(a) - key(b)
      if (difference !== 0) return difference
    }
    return a.trace - b.trace || a.row - b.row
  })
  const maps = traces.map((trace) => new Uint32Array(trace[name].length))
  from.forEach(({ trace, row }, to) => (maps[trace]![row] = to))
  return { maps, from }
}

type Key = (at: { trace: number; row: number }) => number

function sortKeys(traces: readonly Trace[], name: TableName, layouts: Record<TableName, Layout>): Key[] {
  const column =
    (wanted: string, sign = 1): Key =>
    ({ trace, row }) =>
      sign * Number(columnOf(traces[trace]![name], wanted)?.[row] ?? 0)
  if (name === 'stream')
    return [
      ({ trace, row }) => layouts.device.maps[trace]![traces[trace]!.stream.device[row]!]!,
      ({ trace, row }) => layouts.process.maps[trace]![traces[trace]!.stream.process[row]!]!,
      column('context'),
      column('greenContext'),
      column('id'),
    ]
  if (name === 'range') return [column('start'), column('duration', -1), column('depth')]
  const { sortedBy } = specOf(name)
  return sortedBy === undefined ? [] : [column(sortedBy)]
}

function mergedTable(
  traces: readonly Trace[],
  name: TableName,
  layouts: Record<TableName, Layout>,
  strings: readonly Uint32Array[],
): unknown {
  const spec = specOf(name)
  const { from } = layouts[name]
  const columns: Record<string, ColumnArray> = {}
  for (const [column, type] of Object.entries(spec.columns)) {
    const sources = traces.map((trace) => columnOf(trace[name], column))
    if (sources.every((source) => source === undefined)) continue
    const target = spec.links[column] ?? (column === 'device' ? 'device' : undefined)
    const maps =
      target !== undefined
        ? layouts[target as TableName].maps
        : elementOf(type) === 'string'
          ? strings
          : undefined
    const none = column === 'device' && elementOf(type) === 'u16' ? NONE_U16 : NONE
    const values = newArray(type, from.length) as Float64Array
    from.forEach(({ trace, row }, to) => {
      const source = sources[trace] as Float64Array | undefined
      const value = source === undefined ? (sentinelOf(type) as number) : source[row]!
      const isMapped = maps !== undefined && value !== none && !(isOptional(type) && isAbsent(type, value))
      values[to] = isMapped ? maps[trace]![value]! : value
    })
    columns[column] = values
  }
  if (name === 'device') freshIds(columns['id'] as Uint32Array | undefined, from)
  return tableFrom(spec, columns, from.length)
}

/** Devices of later traces get ids that no earlier one has: an in-process device is no GPU 0. */
function freshIds(ids: Uint32Array | undefined, from: Layout['from']): void {
  if (ids === undefined) return
  const taken = new Set<number>()
  from.forEach(({ trace }, row) => {
    let id = ids[row]!
    if (trace > 0) while (taken.has(id)) id++
    ids[row] = id
    taken.add(id)
  })
}
