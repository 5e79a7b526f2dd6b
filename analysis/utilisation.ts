/**
 * Utilisation over time: the share of each stretch in which a device ran something (the union, so never over 100 %), and
 * what the counters measured meanwhile.
 */
import { NONE, NONE_U16 } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import type { Window } from './busy.ts'
import { captureWindow } from './capture-window.ts'
import { OwnedPieces } from './clip.ts'
import { deviceTitle } from './ledger.ts'
import { isIdle, ownerships } from './ownership.ts'
import type { Ownership } from './ownership.ts'

export interface CounterSummary {
  name: string
  unit: string
  device: number | null
  samples: number
  min: number
  mean: number
  max: number
  /** Mean of the samples in each piece of the capture (the busy share's pieces); null where none was taken. */
  means: (number | null)[]
}

export const utilisation = analysis({
  id: 'utilisation',
  title: 'Utilisation',
  about: 'Busy share of each device over time (union of its work), and a summary of every recorded counter.',
  needs: [],
  parameters: { buckets: { type: 'count', about: 'pieces the capture is cut into (default 200)' } },
  compute: (trace, { buckets = 200 }) => ({
    ...busyOverTime(trace, Math.min(Math.max(1, buckets), 10_000)),
    counters: counterSummaries(trace, Math.min(Math.max(1, buckets), 10_000)),
    countersReason:
      trace.counter_sample.length > 0
        ? null
        : 'not recorded: capture with "nsys profile --gpu-metrics-devices=all" (needs the permission to read counters)',
  }),
  tables: (result) => [
    {
      title: 'Busy share',
      columns: [
        { key: 'name', title: 'Device' },
        { key: 'busyNs', title: 'Busy', unit: 'ns' },
        { key: 'share', title: 'Share of the capture', unit: 'percent' },
      ],
      rows: result.devices.map((one) => ({
        name: one.name,
        busyNs: one.busyNs,
        share: result.wallNs === 0 ? null : (100 * one.busyNs) / result.wallNs,
      })),
    },
    {
      title: result.countersReason ?? 'Counters',
      columns: [
        { key: 'name', title: 'Counter' },
        { key: 'unit', title: 'Unit' },
        { key: 'device', title: 'Device', unit: 'count' },
        { key: 'samples', title: 'Samples', unit: 'count' },
        { key: 'min', title: 'Min', unit: 'count' },
        { key: 'mean', title: 'Mean', unit: 'count' },
        { key: 'max', title: 'Max', unit: 'count' },
      ],
      rows: result.counters.map(({ means: _means, ...row }) => row),
    },
  ],
})

function busyOverTime(trace: Trace, buckets: number) {
  const window = captureWindow(trace)
  if (window === undefined) return { fromNs: 0, bucketNs: 0, wallNs: 0, devices: [] }
  const [from, to] = window
  const size = Math.max(1, Math.ceil((to - from) / buckets))
  return {
    fromNs: from as number,
    bucketNs: size,
    wallNs: to - from,
    devices: ownerships(trace).map((ownership) => {
      const busy = busyInBuckets(ownership, window, size)
      return {
        device: ownership.device,
        name: deviceTitle(trace, ownership.device),
        busyNs: busy.reduce((sum, time) => sum + time, 0),
        /** Busy ns of each bucket. */
        busy: [...busy],
      }
    }),
  }
}

/** Busy ns of each bucket of a window. */
function busyInBuckets(ownership: Ownership, window: Window, size: number): Float64Array {
  const { start, owner } = ownership
  const [from, to] = window
  const busy = new Float64Array(Math.ceil((to - from) / size))
  for (const piece = new OwnedPieces(ownership, [window]); piece.next();) {
    if (isIdle(owner[piece.segment]!)) continue
    let at = Math.max(start[piece.segment]!, from)
    const end = at + piece.length
    while (at < end) {
      const bucket = Math.floor((at - from) / size)
      const until = Math.min(end, from + (bucket + 1) * size)
      busy[bucket]! += until - at
      at = until
    }
  }
  return busy
}

function counterSummaries(trace: Trace, buckets: number): CounterSummary[] {
  const { counter, counter_sample: samples, strings } = trace
  const rows = Array.from({ length: counter.length }, (_, i): CounterSummary => {
    const unit = counter.unit?.[i] ?? NONE
    const device = counter.device?.[i] ?? NONE_U16
    return {
      name: strings[counter.name[i]!]!,
      unit: unit === NONE ? '' : strings[unit]!,
      device: device === NONE_U16 ? null : device,
      samples: 0,
      min: Infinity,
      mean: 0,
      max: -Infinity,
      means: [],
    }
  })
  const [from, to] = captureWindow(trace) ?? [0, 0]
  const size = Math.max(1, Math.ceil((to - from) / buckets))
  const pieces = Math.ceil((to - from) / size)
  const sums = new Float64Array(rows.length * pieces)
  const counts = new Uint32Array(rows.length * pieces)
  for (let i = 0; i < samples.length; i++) {
    const row = rows[samples.counter[i]!]!
    const value = samples.value[i]!
    if (Number.isNaN(value)) continue
    row.samples++
    row.mean += (value - row.mean) / row.samples
    row.min = Math.min(row.min, value)
    row.max = Math.max(row.max, value)
    const piece = Math.floor((samples.time[i]! - from) / size)
    // Sampling may begin before the capture's first event and end after its last.
    if (piece < 0 || piece >= pieces) continue
    sums[samples.counter[i]! * pieces + piece]! += value
    counts[samples.counter[i]! * pieces + piece]!++
  }
  for (const [counter, row] of rows.entries())
    if (row.samples > 0)
      row.means = Array.from({ length: pieces }, (_, piece) => {
        const at = counter * pieces + piece
        return counts[at] === 0 ? null : sums[at]! / counts[at]!
      })
  return rows.filter((row) => row.samples > 0)
}
