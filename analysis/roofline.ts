/**
 * Each phase against what the hardware could do: arithmetic from attention grids over the device's public peaks, and what
 * bounds the phase. More than 100 % of a peak is impossible, and said so.
 */
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { attentionGrids } from './attention-grids.ts'
import { attentionWork } from './attention-work.ts'
import { busiest, iterationsOf } from './iterations.ts'
import { deviceName } from './ledger.ts'
import { peakOf, rateOf } from './peaks.ts'
import type { Peak } from './peaks.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'
import { phaseRows, warmOnly } from './phases.ts'
import type { PhaseRow } from './phases.ts'

export type Bound = 'compute' | 'bandwidth' | 'launch' | 'sync' | 'unclear' | 'unknown'

export interface RooflineRow {
  path: string
  gpuBusyNs: number
  /** FLOPs of its transformer blocks; null where its kernels do not tell. */
  flops: number | null
  /** Bytes that its blocks must move at least: weights once a block, tokens in and out. */
  bytes: number | null
  flopPerSecond: number | null
  /** Share of the device's peak matrix rate, 0 to 1 and beyond. */
  ofPeak: number | null
  /** The same for the least bytes over the peak bandwidth. */
  ofBandwidth: number | null
  bound: Bound
  why: string
  impossible: boolean
}

/** A phase that idles longer than this share of busy + idle is bound by what made the device wait. */
const IDLE_SHARE = 0.2
/** Above this share of peak a phase is called compute-bound (or bandwidth-bound). */
const NEAR_PEAK = 0.5

export const roofline = analysis({
  id: 'roofline',
  title: 'Roofline',
  about:
    'Arithmetic and bytes of each phase against the device’s peaks; what bounds it; impossible times flagged.',
  needs: ['device_op', 'range'],
  parameters: {},
  compute: rooflineOf,
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
        { key: 'bound', title: 'Bound by' },
        { key: 'why', title: 'Because' },
      ],
      rows: result.phases.map((row) => ({
        path: row.path,
        gpuBusyNs: row.gpuBusyNs,
        flops: row.flops,
        flopPerSecond: row.flopPerSecond,
        percentOfPeak: row.ofPeak === null ? null : 100 * row.ofPeak,
        bound: row.impossible ? 'impossible' : row.bound,
        why: row.why,
      })),
    },
  ],
})

function rooflineOf(trace: Trace) {
  const device = busiest(trace)
  const name = device === undefined ? null : deviceName(trace, device)
  const peak = name === null ? undefined : peakOf(name)
  const grids = attentionGrids(trace)
  const rate = peak === undefined ? undefined : rateOf(peak, grids?.dtype ?? 'bf16')
  const work = workByPhase(trace)
  return {
    device: name,
    peakSource: peak?.source ?? null,
    peakFlopPerSecond: rate ?? null,
    peakBytesPerSecond: peak?.bandwidth ?? null,
    dtype: grids?.dtype ?? null,
    workload: grids === undefined ? null : { frames: grids.frames, tokens: grids.tokens, heads: grids.heads },
    phases: phaseRows(trace, warmOnly(trace)).map((row) => judged(row, work.get(row.path), peak, rate)),
  }
}

interface Work {
  flops: number
  bytes: number
}

/** Work of each path, and of all paths around it; without that of a warm-up iteration. */
function workByPhase(trace: Trace): Map<string, Work> {
  const { paths, parentOf } = phaseTree(trace)
  const phases = phaseOfOps(trace)
  const byPath = new Map<string, Work>()
  const iterations = iterationsOf(trace)
  const cold = new Set(iterations.warmUp.length > 0 ? iterations.all[0]!.ops : [])
  for (const { op, blockFlops, sequences, tokens, width } of attentionWork(trace)) {
    if (cold.has(op)) continue
    // bf16 or fp16 weights of 12 C² numbers once; fp32 tokens in and out.
    const bytes = 2 * 12 * width ** 2 + 2 * 4 * sequences * tokens * width
    for (let phase = phases[op]!; phase !== 0; phase = parentOf[phase]!) {
      const known = byPath.get(paths[phase]!) ?? { flops: 0, bytes: 0 }
      byPath.set(paths[phase]!, { flops: known.flops + blockFlops, bytes: known.bytes + bytes })
    }
  }
  return byPath
}

function judged(
  row: PhaseRow,
  work: Work | undefined,
  peak: Peak | undefined,
  rate: number | undefined,
): RooflineRow {
  const seconds = row.gpuBusyNs / 1e9
  const flopPerSecond = work === undefined || seconds === 0 ? null : work.flops / seconds
  const ofPeak = flopPerSecond === null || rate === undefined ? null : flopPerSecond / rate
  const ofBandwidth =
    work === undefined || seconds === 0 || peak === undefined ? null : work.bytes / seconds / peak.bandwidth
  const impossible = (ofPeak ?? 0) > 1 || (ofBandwidth ?? 0) > 1
  return {
    path: row.path,
    gpuBusyNs: row.gpuBusyNs,
    flops: work?.flops ?? null,
    bytes: work?.bytes ?? null,
    flopPerSecond,
    ofPeak,
    ofBandwidth,
    impossible,
    ...boundOf(row, ofPeak, ofBandwidth, impossible, peak),
  }
}

function boundOf(
  row: PhaseRow,
  ofPeak: number | null,
  ofBandwidth: number | null,
  impossible: boolean,
  peak: Peak | undefined,
): { bound: Bound; why: string } {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  if (impossible)
    return {
      bound: 'unknown',
      why: `more than the device can do (${percent(Math.max(ofPeak ?? 0, ofBandwidth ?? 0))} of peak): the time or the workload is wrong`,
    }
  if (row.gpuBusyNs === 0) return { bound: 'unknown', why: 'no device work' }
  const idle = row.gpuIdleNs / (row.gpuIdleNs + row.gpuBusyNs)
  if (idle > IDLE_SHARE)
    return row.syncNs > row.launchNs && row.syncNs > row.gpuIdleNs
      ? { bound: 'sync', why: `idle ${percent(idle)} before its work, and its ranges wait in syncs` }
      : { bound: 'launch', why: `idle ${percent(idle)} before its work: the host was late` }
  if (ofPeak === null)
    return {
      bound: 'unknown',
      why:
        peak === undefined
          ? 'the device is not in the table of peaks'
          : 'no attention kernel tells its arithmetic',
    }
  if (ofPeak >= NEAR_PEAK) return { bound: 'compute', why: `${percent(ofPeak)} of the peak matrix rate` }
  if ((ofBandwidth ?? 0) >= NEAR_PEAK)
    return { bound: 'bandwidth', why: `${percent(ofBandwidth!)} of the peak bandwidth at least` }
  return {
    bound: 'unclear',
    why: `${percent(ofPeak)} of the peak matrix rate: what runs beside matrix products takes the rest`,
  }
}
