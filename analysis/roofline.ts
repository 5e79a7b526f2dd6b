/**
 * Each phase against what the hardware could do: arithmetic and least bytes over the device's public peaks, and what bounds the
 * phase. More than 100 % of a peak is impossible, and said so.
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import { analysis } from './analysis.ts'
import { attentionGrids } from './attention-grids.ts'
import { boundOf } from './bound.ts'
import type { Bound } from './bound.ts'
import { coldOps } from './forwards.ts'
import { derived } from './derived.ts'
import { busiest } from './device-work.ts'
import { deviceName } from './ledger.ts'
import { ownersOfGroups } from './owners-of-groups.ts'
import type { OwnerSums } from './owners-of-groups.ts'
import { peakOf, rateOf } from './peaks.ts'
import type { Peak } from './peaks.ts'
import { hasDerivedPhases, withPhases } from './derived-phases.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { phaseWork } from './phase-work.ts'
import type { PhaseWork } from './phase-work.ts'
import { phaseRows, warmOnly } from './phases.ts'
import type { NotKnown, TimedWork } from './timed-work.ts'
import { vggtInput } from './vggt-input.ts'

export interface RooflineRow {
  /** In parentheses: a part of VGGT that no range names. */
  path: string
  gpuBusyNs: number
  /** Operations of its matrix products, convolutions and attention; null where they are not known. */
  flops: number | null
  /** Bytes that it must move at least: weights once, tokens in and out. */
  bytes: number | null
  /** The precisions in which it multiplies matrices, of each part the fastest: the peaks it is held against. */
  dtype: string | null
  flopPerSecond: number | null
  /** Least time for the arithmetic, each part at the peak of its precision, over the busy time: 0 to 1 and beyond. */
  ofPeak: number | null
  /** That peak, FLOP/s: of several precisions the rate at which each part at its own peak makes them together. */
  peakFlopPerSecond: number | null
  /** The same for the least bytes over the peak bandwidth. */
  ofBandwidth: number | null
  bound: Bound
  why: string
  impossible: boolean
}

export const roofline = analysis({
  id: 'roofline',
  title: 'Roofline',
  about:
    'Arithmetic and bytes of each phase against the device’s peaks; what bounds it; impossible times flagged.',
  needs: ['device_op'],
  derivable: { range: hasDerivedPhases },
  parameters: {},
  compute: (trace) => rooflineOf(trace),
  tables: (result) => [
    {
      title:
        result.device === null
          ? 'Roofline'
          : `Roofline: ${result.device} (${result.peakSource ?? 'peaks unknown'})`,
      columns: [
        { key: 'path', title: 'Phase' },
        { key: 'gpuBusyNs', title: 'GPU busy', unit: 'ns' },
        { key: 'flops', title: 'Arithmetic', unit: 'flop' },
        { key: 'flopPerSecond', title: 'Rate', unit: 'flop/s' },
        { key: 'percentOfPeak', title: 'Of peak', unit: 'percent' },
        { key: 'peakFlopPerSecond', title: 'Peak', unit: 'flop/s' },
        { key: 'dtype', title: 'Peak of' },
        { key: 'bound', title: 'Bound by' },
        { key: 'why', title: 'Because', unit: 'prose' },
      ],
      rows: longestFirst(result.phases).map((row) => ({
        path: row.path,
        gpuBusyNs: row.gpuBusyNs,
        flops: row.flops,
        flopPerSecond: row.flopPerSecond,
        percentOfPeak: row.ofPeak === null ? null : 100 * row.ofPeak,
        peakFlopPerSecond: row.peakFlopPerSecond,
        dtype: row.dtype,
        bound: row.impossible ? 'impossible' : row.bound,
        why: row.why,
      })),
    },
  ],
})

const longestFirst = (rows: readonly RooflineRow[]): RooflineRow[] =>
  rows.toSorted((a, b) => b.gpuBusyNs - a.gpuBusyNs)

const rooflineOf = derived((recorded) => {
  const trace = withPhases(recorded, 'Roofline')
  const device = busiest(trace)
  const name = device === undefined ? null : deviceName(trace, device)
  const peak = name === null ? undefined : peakOf(name)
  const grids = attentionGrids(trace)
  const input = vggtInput(trace)
  const work = phaseWork(trace, peak)
  const isRuntime = trace.device_op.kind.includes(DeviceOpKind.node)
  return {
    device: name,
    peakSource: peak?.source ?? null,
    peakFlopPerSecond: peak === undefined ? null : (rateOf(peak, grids?.dtype ?? 'bf16') ?? null),
    peakBytesPerSecond: peak?.bandwidth ?? null,
    dtype: grids?.dtype ?? null,
    workload: grids === undefined ? null : { frames: grids.frames, tokens: grids.tokens, heads: grids.heads },
    /** Images in patches, and where they are known from; or why they are not. */
    images: 'why' in input ? { why: input.why } : { ...input.images, source: input.source },
    phases: measured(trace, work).map((one) => judged(one, peak, name, isRuntime)),
  }
})

interface Measured {
  path: string
  busyNs: number
  owners: OwnerSums
  work: TimedWork | NotKnown
}

/** Every phase without warm-up. */
function measured(trace: Trace, work: PhaseWork): Measured[] {
  const { indexOf, parentOf } = phaseTree(trace)
  const groupOf = phaseOfOps(trace).slice()
  const cold = coldOps(trace)
  for (let op = 0; op < groupOf.length; op++) if (cold[op] === 1) groupOf[op] = NONE
  const owners = ownersOfGroups(trace, groupOf, parentOf)
  return phaseRows(trace, warmOnly(trace)).map((row): Measured => {
    const phase = indexOf.get(row.path)!
    return { path: row.path, busyNs: row.gpuBusyNs, owners: owners[phase]!, work: work(phase) }
  })
}

function judged(
  one: Measured,
  peak: Peak | undefined,
  device: string | null,
  isRuntime: boolean,
): RooflineRow {
  const { path, busyNs, work } = one
  const seconds = busyNs / 1e9
  const known = 'why' in work || seconds === 0 ? undefined : work
  const dtypes = known === undefined || known.dtypes.size === 0 ? undefined : [...known.dtypes].join(' and ')
  const ofPeak = known === undefined || Number.isNaN(known.leastSeconds) ? null : known.leastSeconds / seconds
  const ofBandwidth =
    known === undefined || peak === undefined ? null : known.bytes / seconds / peak.bandwidth
  return {
    path,
    gpuBusyNs: busyNs,
    flops: 'why' in work ? null : work.flops,
    bytes: 'why' in work ? null : work.bytes,
    dtype: dtypes ?? null,
    flopPerSecond: known === undefined ? null : known.flops / seconds,
    ofPeak,
    peakFlopPerSecond: known === undefined || ofPeak === null ? null : known.flops / known.leastSeconds,
    ofBandwidth,
    ...boundOf({
      owners: one.owners,
      ofPeak,
      ofBandwidth,
      whyNoPeak: whyNoPeak(work, peak, device),
      peakName: `${dtypes ?? ''} matrix rate`.trim(),
      isRuntime,
    }),
  }
}

function whyNoPeak(work: TimedWork | NotKnown, peak: Peak | undefined, device: string | null): string {
  if ('why' in work) return work.why
  return peak === undefined
    ? `${device ?? 'the device'} is not in the table of peaks`
    : `the table of peaks has none of ${peak.name} in this precision`
}
