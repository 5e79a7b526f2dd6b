/**
 * Memory over time: what was allocated on each device, by kind, and the peak. Built from allocation and release events; a
 * capture without them answers "not recorded", never zero.
 */
import { NONE_I64, NONE_U8 } from '../trace/column.ts'
import { MemoryOperation } from '../trace/tables.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'

const KINDS = [
  'pageable',
  'pinned',
  'device',
  'array',
  'managed',
  'device static',
  'managed static',
  'unknown',
]
/** Points that a curve is thinned to: more than a screen has pixels. */
const POINTS = 2000

export interface MemorySeries {
  device: number | null
  kind: string
  peakBytes: number
  peakAtNs: number
  /** Bytes still allocated when the capture ended. */
  endBytes: number
  allocations: number
  releases: number
  /** Releases of addresses whose allocation is not in the capture; their bytes are not subtracted. */
  unmatchedReleases: number
  /** [time, bytes], each step's highest value kept when thinned. */
  points: [number, number][]
}

export interface MemoryAnswer {
  recorded: boolean
  /** Why there is nothing. */
  reason: string | null
  series: MemorySeries[]
}

export const memory = analysis({
  id: 'memory',
  title: 'Memory',
  about:
    'Bytes allocated over time on each device, by kind, with the peak; "not recorded" where the capture has no such events.',
  needs: [],
  parameters: {},
  compute: (trace): MemoryAnswer =>
    trace.memory_event.length > 0
      ? { recorded: true, reason: null, series: seriesOf(trace) }
      : {
          recorded: isRecorded(trace, 'memory_event'),
          reason: isRecorded(trace, 'memory_event')
            ? 'memory tracking was on, but nothing was allocated or released during the capture'
            : 'not recorded: capture with "nsys profile --cuda-memory-usage=true" (it slows the run), or with profile_memory=True of torch.profiler',
          series: [],
        },
  tables: (result) => [
    {
      title: result.reason ?? 'Memory',
      columns: [
        { key: 'device', title: 'Device' },
        { key: 'kind', title: 'Kind' },
        { key: 'peakBytes', title: 'Peak', unit: 'bytes' },
        { key: 'peakAtNs', title: 'At', unit: 'ns' },
        { key: 'endBytes', title: 'At the end', unit: 'bytes' },
        { key: 'allocations', title: 'Allocations', unit: 'count' },
        { key: 'releases', title: 'Releases', unit: 'count' },
      ],
      rows: result.series.map(({ points: _points, ...row }) => ({ ...row, device: row.device ?? 'host' })),
    },
  ],
})

interface Running {
  series: MemorySeries
  bytes: number
  steps: [number, number][]
}

function seriesOf(trace: Trace): MemorySeries[] {
  const events = trace.memory_event
  const running = new Map<string, Running>()
  const live = new Map<string, number>()
  for (let i = 0; i < events.length; i++) {
    const device = events.device?.[i] ?? 0xffff
    const kindNumber = events.memoryKind?.[i] ?? NONE_U8
    const kind = kindNumber === NONE_U8 ? 'not told' : (KINDS[kindNumber] ?? `kind ${kindNumber}`)
    const key = `${device} ${kind}`
    let one = running.get(key)
    if (one === undefined) {
      const series: MemorySeries = {
        device: device === 0xffff ? null : device,
        kind,
        peakBytes: 0,
        peakAtNs: events.time[i]!,
        endBytes: 0,
        allocations: 0,
        releases: 0,
        unmatchedReleases: 0,
        points: [],
      }
      running.set(key, (one = { series, bytes: 0, steps: [] }))
    }
    step(trace, one, i, live)
  }
  return [...running.values()]
    .map(({ series, bytes, steps }) => ({ ...series, endBytes: bytes, points: thinned(steps) }))
    .sort((a, b) => b.peakBytes - a.peakBytes)
}

function step(trace: Trace, one: Running, i: number, live: Map<string, number>): void {
  const events = trace.memory_event
  const address = events.address?.[i] ?? NONE_I64
  const key = `${events.process[i]}/${events.device?.[i]}/${address}`
  const bytes = Math.abs(events.bytes[i]!)
  const total = events.totalAllocated?.[i]
  if (events.operation[i] === MemoryOperation.allocation) {
    one.series.allocations++
    one.bytes += bytes
    live.set(key, bytes)
  } else {
    one.series.releases++
    const known = address === NONE_I64 ? bytes : live.get(key)
    if (known === undefined) one.series.unmatchedReleases++
    one.bytes -= known ?? 0
    live.delete(key)
  }
  // A caching allocator that keeps its own total knows what was allocated before the capture.
  if (total !== undefined && !Number.isNaN(total)) one.bytes = total
  one.steps.push([events.time[i]!, one.bytes])
  if (one.bytes > one.series.peakBytes) {
    one.series.peakBytes = one.bytes
    one.series.peakAtNs = events.time[i]!
  }
}

/** At most POINTS steps; each keeps the highest value of those it stands for, so that the peak survives. */
function thinned(steps: [number, number][]): [number, number][] {
  if (steps.length <= POINTS) return steps
  const size = Math.ceil(steps.length / POINTS)
  const kept: [number, number][] = []
  for (let i = 0; i < steps.length; i += size)
    kept.push(steps.slice(i, i + size).reduce((best, one) => (one[1] > best[1] ? one : best)))
  return kept
}
