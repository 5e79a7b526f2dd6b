/**
 * The tables of what else happened on threads: the profiler's overhead, marks, memory events, samples of counters.
 * `zero` is everywhere the provisional time of the axis' zero.
 */
import { NONE, NONE_U16 } from '../../trace/column.ts'
import { tableFrom } from '../../trace/builder.ts'
import { OverheadSource, tables } from '../../trace/tables.ts'
import type { TraceTables } from '../../trace/trace.ts'
import { ascendingOrder } from '../order.ts'
import type { Collector } from './collect.ts'
import type { Devices } from './devices.ts'
import type { Names } from './names.ts'

/** CUPTI's overheads by Kineto's words; numbered as nsys numbers them. */
const OVERHEADS: Readonly<Record<string, number>> = {
  Unknown: 1,
  'Driver Compiler': 2,
  'Buffer Flush': 3,
  Instrumentation: 4,
  Resource: 5,
  'Runtime Triggered Module Loading': 6,
  'Lazy Function Loading': 7,
  'Command Buffer Full': 8,
}

export function buildOverheads(
  { rows, places }: Collector,
  names: Names,
  zero: number,
): TraceTables['overhead'] {
  const { overheads } = rows
  const order = ascendingOrder(overheads.column('start'))
  const name = overheads.column('name', order)
  return tableFrom(
    tables.overhead,
    {
      start: overheads.column('start', order, (start) => start - zero),
      duration: overheads.column('duration', order),
      thread: overheads.column('place', order, (place) => (place === NONE ? NONE : places.threadRow(place))),
      name: name.map(names.indexOf),
      source: new Uint8Array(overheads.length).fill(OverheadSource.cuda),
      type: Uint8Array.from(name, (text) => OVERHEADS[names.text(text)] ?? 0),
      sourceRow: overheads.column('sourceRow', order),
    },
    overheads.length,
  )
}

export function buildMarks({ rows, places }: Collector, names: Names, zero: number): TraceTables['mark'] {
  const { marks } = rows
  const order = ascendingOrder(marks.column('start'))
  return tableFrom(
    tables.mark,
    {
      time: marks.column('start', order, (start) => start - zero),
      kind: new Uint8Array(marks.length),
      thread: marks.column('place', order, (place) => (place === NONE ? NONE : places.threadRow(place))),
      name: marks.column('name', order, names.indexOf),
      category: marks.column('category', order, names.indexOf),
      sourceRow: marks.column('sourceRow', order),
    },
    marks.length,
  )
}

export function buildMemory(
  { rows, places }: Collector,
  devices: Devices,
  zero: number,
): TraceTables['memory_event'] {
  const { memory } = rows
  const order = ascendingOrder(memory.column('start'))
  return tableFrom(
    tables.memory_event,
    {
      time: memory.column('start', order, (start) => start - zero),
      process: memory.column('place', order, (place) => places.processRow(places.pid(place))),
      device: Uint16Array.from(memory.column('device', order), (id) =>
        id === NONE ? NONE_U16 : devices.rowOf(id),
      ),
      operation: memory.column('operation', order),
      bytes: memory.column('bytes', order),
      address: memory.column('address', order),
      totalAllocated: memory.column('totalAllocated', order),
      totalReserved: memory.column('totalReserved', order),
      sourceRow: memory.column('sourceRow', order),
    },
    memory.length,
  )
}

export function buildSamples({ rows }: Collector, zero: number): TraceTables['counter_sample'] {
  const { samples } = rows
  const order = ascendingOrder(samples.column('start'))
  return tableFrom(
    tables.counter_sample,
    {
      time: samples.column('start', order, (start) => start - zero),
      counter: samples.column('counter', order),
      value: samples.column('value', order),
    },
    samples.length,
  )
}
