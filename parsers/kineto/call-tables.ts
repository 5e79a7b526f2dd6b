/**
 * The tables of what nests on threads: ranges, and API calls in them.
 */
import { NONE } from '../../trace/column.ts'
import { tableFrom } from '../../trace/builder.ts'
import { tables } from '../../trace/tables.ts'
import type { TraceTables } from '../../trace/trace.ts'
import { containingRanges, nestRanges } from '../../trace/containment.ts'
import { ascendingOrder, isAscending } from '../order.ts'
import type { Collector } from './collect.ts'
import type { Names } from './names.ts'

/** Ranges as spans of places, for what looks for the range around it. */
export interface PlacedSpans {
  start: Float64Array
  duration: Float64Array
  thread: Uint32Array
}

/** `zero`: the provisional time of the axis' zero. */
export function buildRanges(
  { rows, clock, places }: Collector,
  names: Names,
  zero: number,
): { table: TraceTables['range']; spans: PlacedSpans } {
  const { ranges } = rows
  const open = ranges.column('open')
  const length = ranges.column('duration')
  if (open.includes(1)) {
    const starts = ranges.column('start')
    for (let i = 0; i < length.length; i++) if (open[i] === 1) length[i] = clock.last - starts[i]!
  }
  // Pairs stand behind all whole events here; of two equal ranges the file's order tells the outer one.
  const inFileOrder =
    rows.edges.length > 0 ? ascendingOrder(Float64Array.from(ranges.column('sourceRow'))) : undefined
  const order = nestingOrder(ranges.column('start'), length, inFileOrder)
  const spans = {
    start: ranges.column('start', order, (start) => start - zero),
    duration: Float64Array.from(order, (row) => length[row]!),
    thread: ranges.column('place', order),
  }
  const threadRow = (place: number): number => places.threadRow(place)
  const table = tableFrom(
    tables.range,
    {
      start: spans.start,
      duration: spans.duration,
      open: Uint8Array.from(order, (row) => open[row]!),
      style: ranges.column('style', order),
      thread: spans.thread.map(threadRow),
      endThread: ranges.column('endPlace', order, (place) => (place === NONE ? NONE : threadRow(place))),
      name: ranges.column('name', order, names.indexOf),
      category: ranges.column('category', order, names.indexOf),
      ...nestRanges(spans),
      sourceRow: ranges.column('sourceRow', order),
    },
    ranges.length,
  )
  return { table, spans }
}

/** By start, the longer first, then the file's order; often nothing has to be moved. */
function nestingOrder(start: Float64Array, duration: Float64Array, inFileOrder?: Uint32Array): Uint32Array {
  let isNested = inFileOrder === undefined && isAscending(start)
  for (let i = 1; isNested && i < start.length; i++)
    isNested = start[i]! > start[i - 1]! || duration[i]! <= duration[i - 1]!
  if (isNested) return ascendingOrder(start)
  const shortness = duration.map((value) => -value)
  return ascendingOrder(start, ascendingOrder(shortness, inFileOrder))
}

/** API calls. `place` is given beside the table: launches are looked for by place. */
export function buildCalls(
  { rows, places }: Collector,
  names: Names,
  ranges: PlacedSpans,
  zero: number,
): { table: TraceTables['api_call']; place: Uint32Array; externalId: Float64Array } {
  const { calls } = rows
  const order = ascendingOrder(calls.column('start'))
  const place = calls.column('place', order)
  const spans = {
    start: calls.column('start', order, (start) => start - zero),
    duration: calls.column('duration', order),
    thread: place,
  }
  const table = tableFrom(
    tables.api_call,
    {
      start: spans.start,
      duration: spans.duration,
      thread: place.map((one) => places.threadRow(one)),
      name: calls.column('name', order, names.requiredIndexOf),
      eventClass: calls.column('eventClass', order),
      correlation: calls.column('correlation', order),
      range: containingRanges(spans, ranges),
      sourceRow: calls.column('sourceRow', order),
    },
    calls.length,
  )
  return { table, place, externalId: calls.column('externalId', order) }
}
