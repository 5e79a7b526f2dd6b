/**
 * A trace with more ranges than were recorded: phases that something else than a range tells of. All else stays as it was.
 */
import { newArray, NONE, permuted, sentinelOf } from '../trace/column.ts'
import type { ColumnArray } from '../trace/column.ts'
import { containingRanges, nestRanges } from '../trace/containment.ts'
import { columnOf } from '../trace/table.ts'
import { range as spec, RangeStyle } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'

/** A stretch of a thread's CPU time, both ends inside. */
export interface AddedRange {
  name: string
  thread: number
  start: number
  end: number
}

/** The trace with them, and 1 for each row of its ranges that was added. Of equal stretches the recorded one is around. */
export function withRanges(
  trace: Trace,
  added: readonly AddedRange[],
): { trace: Trace; isAdded: Uint8Array } {
  const recorded = trace.range.length
  const names = [...new Set(added.map(({ name }) => name))]
  const strings = [...trace.strings, ...names, 'phase']
  const columns: Partial<Record<string, (one: AddedRange) => number>> = {
    start: ({ start }) => start,
    duration: ({ start, end }) => end - start,
    open: () => 0,
    style: () => RangeStyle.other,
    thread: ({ thread }) => thread,
    name: ({ name }) => trace.strings.length + names.indexOf(name),
    category: () => strings.length - 1,
  }
  /** The recorded ones, then the added ones. */
  const both: Record<string, ColumnArray> = {}
  for (const [key, type] of Object.entries(spec.columns)) {
    const known = columnOf(trace.range, key)
    const valueOf = columns[key]
    if (known === undefined && valueOf === undefined) continue
    const values = newArray(type, recorded + added.length)
    values.fill(sentinelOf(type) as never)
    if (known !== undefined) values.set(known as never)
    if (valueOf !== undefined) for (const [i, one] of added.entries()) values[recorded + i] = valueOf(one)
    both[key] = values
  }
  const { start, duration } = both as Record<'start' | 'duration', Float64Array>
  const order = Uint32Array.from(start, (_, i) => i).sort(
    (a, b) => start[a]! - start[b]! || duration[b]! - duration[a]! || a - b,
  )
  const rowOf = new Uint32Array(order.length)
  for (const [row, i] of order.entries()) rowOf[i] = row
  const sorted = Object.fromEntries(
    Object.entries(both).map(([key, values]) => [key, permuted(values, order)]),
  )
  const table = { ...sorted, length: order.length } as unknown as Trace['range']
  const range = { ...table, ...nestRanges(table) }
  const { api_call, device_op } = trace
  return {
    trace: {
      ...trace,
      strings,
      range,
      api_call: { ...api_call, range: containingRanges(api_call, range) },
      device_op: { ...device_op, range: device_op.range?.map((row) => (row === NONE ? NONE : rowOf[row]!)) },
    },
    isAdded: Uint8Array.from(order, (i) => (i < recorded ? 0 : 1)),
  }
}
