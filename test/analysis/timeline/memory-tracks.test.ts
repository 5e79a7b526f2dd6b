import { expect, test } from 'vitest'
import { memoryTracks } from '../../../analysis/timeline/kinds/counter.ts'
import { emptyTable, tableFrom } from '../../../trace/builder.ts'
import { NONE_U16 } from '../../../trace/column.ts'
import { tables } from '../../../trace/tables.ts'
import type { Trace } from '../../../trace/trace.ts'

test("the host's memory has a track of its own beside each device's", () => {
  const trace = {
    strings: [''],
    device: tableFrom(tables.device, { id: Uint32Array.of(3) }, 1),
    memory_event: tableFrom(
      tables.memory_event,
      {
        time: Float64Array.of(0, 10, 20),
        process: Uint32Array.of(0, 0, 0),
        device: Uint16Array.of(0, NONE_U16, 0),
        operation: Uint8Array.of(0, 0, 1),
        bytes: Float64Array.of(100, 7, 40),
        sourceRow: Uint32Array.of(0, 1, 2),
      },
      3,
    ),
    counter: emptyTable(tables.counter),
  } as Partial<Trace> as Trace
  expect(memoryTracks(trace).map(({ track }) => [track.id, track.group, track.spans])).toEqual([
    ['memory-0', 'GPU 3', 2],
    ['memory-host', 'host memory', 1],
  ])
})
