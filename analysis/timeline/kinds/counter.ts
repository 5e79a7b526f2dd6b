/** Tracks of values over time: every counter, and the memory that was allocated on each device. */
import { NONE, NONE_U16 } from '../../../trace/column.ts'
import { MemoryOperation } from '../../../trace/tables.ts'
import type { Track } from '../../../trace/timeline.ts'
import type { Trace } from '../../../trace/trace.ts'
import { deviceGroup } from '../groups.ts'
import { partition } from '../lanes.ts'
import type { Samples, TrackData } from '../track-data.ts'

export function counterTracks(trace: Trace): TrackData[] {
  const { counter, counter_sample: sample } = trace
  return partition(sample.length, counter.length, (row) => sample.counter[row]!).flatMap((at, row) => {
    if (at.length === 0) return []
    const device = counter.device?.[row] ?? 0xffff
    const unit = counter.unit?.[row] ?? NONE
    return sampleTrack(
      {
        id: `counter-${row}`,
        kind: 'counter',
        title: trace.strings[counter.name[row]!] ?? '',
        group: device === 0xffff ? 'counters' : deviceGroup(trace, device),
        classes: ['counter'],
        table: 'counter_sample',
        ...(unit === NONE ? {} : { unit: trace.strings[unit]! }),
      },
      { time: pick(sample.time, at), value: pick(sample.value, at) },
    )
  })
}

/** Bytes allocated on a device, or by the host: the source's own total where it keeps one, else the running sum of what was recorded. */
export function memoryTracks(trace: Trace): TrackData[] {
  const { memory_event: event } = trace
  const host = trace.device.length
  const ownerOf = (row: number): number => {
    const device = event.device?.[row] ?? NONE_U16
    return device === NONE_U16 ? host : device
  }
  return partition(event.length, host + 1, ownerOf).flatMap((at, device) => {
    if (at.length === 0) return []
    const value = new Float64Array(at.length)
    let running = 0
    for (let i = 0; i < at.length; i++) {
      const row = at[i]!
      const sign = event.operation[row] === MemoryOperation.allocation ? 1 : -1
      running += sign * Math.abs(event.bytes[row]!)
      const told = event.totalAllocated?.[row]
      value[i] = told === undefined || Number.isNaN(told) ? running : told
    }
    return sampleTrack(
      {
        id: device === host ? 'memory-host' : `memory-${device}`,
        kind: 'memory',
        title: 'memory allocated',
        group: device === host ? 'host memory' : deviceGroup(trace, device),
        classes: ['memory'],
        table: 'memory_event',
        unit: 'B',
      },
      { time: pick(event.time, at), value },
    )
  })
}

const pick = (column: Float64Array, at: Uint32Array): Float64Array =>
  Float64Array.from(at, (row) => column[row]!)

function sampleTrack(
  facts: Pick<Track, 'id' | 'kind' | 'title' | 'group' | 'classes' | 'table' | 'unit'>,
  samples: Samples,
): TrackData {
  let low = Infinity
  let high = -Infinity
  for (const value of samples.value) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const track = {
    ...facts,
    lanes: 1,
    spans: samples.time.length,
    firstNs: samples.time[0]!,
    lastNs: samples.time.at(-1)!,
    low,
    high,
  }
  return { track, lanes: [], samples }
}
