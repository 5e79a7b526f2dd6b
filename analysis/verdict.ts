/**
 * What to know first about a run, in three to six sentences, each made from an analysis and linked to it. A sentence whose
 * evidence is missing is not written; what is missing is said instead.
 */
import { DeviceOpKind } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { durationText } from './duration-text.ts'
import { busiest } from './device-work.ts'
import { iterationsOf, warmOf } from './iterations.ts'
import { deviceName, ledgerOf } from './ledger.ts'
import { idleForLaunches, isLaunchBound, launchTotal } from './launches.ts'
import { ownerships } from './ownership.ts'
import { phaseRows, warmOnly } from './phases.ts'
import type { PhaseRow } from './phases.ts'
import { roofline } from './roofline.ts'
import { summaryOf } from './summary.ts'
import type { WindowChoice } from './windows.ts'

export interface Sentence {
  text: string
  /** The analysis that is its evidence, and the parameters it was asked with. */
  evidence: { analysis: string; parameters: Readonly<Record<string, string | number>> }
}

export const verdict = analysis({
  id: 'verdict',
  title: 'Verdict',
  about: 'What to know first about this run, each sentence linked to its evidence.',
  needs: [],
  parameters: {},
  compute: (trace): { sentences: Sentence[] } => ({
    sentences: [
      ...missing(trace),
      ...length(trace),
      ...boundness(trace),
      ...largestPhase(trace),
      ...misleadingRange(trace),
      ...backPressure(trace),
    ].slice(0, 6),
  }),
  tables: (result) => [
    {
      title: 'Verdict',
      columns: [
        { key: 'text', title: 'What' },
        { key: 'evidence', title: 'Evidence' },
      ],
      rows: result.sentences.map(({ text, evidence }) => ({ text, evidence: evidence.analysis })),
    },
  ],
})

/** Device work is a precondition of the rest. */
function missing(trace: Trace): Sentence[] {
  const facts = summaryOf(trace)
  if (hasKernels(trace)) return []
  const why = facts.diagnostics[0] === undefined ? '' : ` The capture says: “${facts.diagnostics[0]}”`
  const first = facts.missing.find((line) => /^No |CUDA graphs/.test(line))
  const ranges = trace.range.length === 0 ? ' It holds no ranges either.' : ''
  return first === undefined ? [] : [said(`${first}${ranges}${why}`, 'summary')]
}

/** Device spans of the warm iterations. */
function length(trace: Trace): Sentence[] {
  const found = iterationsOf(trace)
  const one = representative(trace)
  const device = busiest(trace)
  if (one === undefined || device === undefined) return []
  const warm = warmOf(found)
  const walls = warm.map(({ wall }) => wall).sort((a, b) => a - b)
  const spread =
    walls.length > 1
      ? ` (${durationText(walls[0]!)} to ${durationText(walls.at(-1)!)} over ${walls.length} warm ones)`
      : ''
  const cold =
    found.warmUp.length > 0 ? ` The first of ${found.all.length} was warm-up: ${found.warmUp[0]}.` : ''
  return [
    said(
      `One ${found.name} takes ${durationText(one.wall)} on ${deviceName(trace, device)}${spread}.${cold}`,
      'summary',
    ),
  ]
}

/** Busy share, and whether idle time is the host's fault. */
function boundness(trace: Trace): Sentence[] {
  if (!hasKernels(trace)) return []
  const device = busiest(trace)
  const ownership = ownerships(trace).find((one) => one.device === device)
  if (ownership === undefined) return []
  const choice = representativeChoice(trace)
  const { owners, wallNs } = ledgerOf(trace, ownership, choice)
  const idle = owners.filter((one) => one.owner.startsWith('idle/'))
  const idleNs = idle.reduce((sum, one) => sum + one.ns, 0)
  const main = idle.toSorted((a, b) => b.ns - a.ns)[0]
  const where = choice.iteration === undefined ? 'the capture' : 'a warm iteration'
  const share = `Its device is busy ${percent(wallNs - idleNs, wallNs)} of ${where}`
  if (main === undefined || wallNs === 0) return [said(`${share}.`, 'ledger', choice)]
  const bound = isLaunchBound(idleForLaunches(trace, choice), launchTotal(trace, choice).launches)
  const cause = main.owner.slice('idle/'.length).replaceAll('-', ' ')
  const because =
    bound === true
      ? `the run is launch-bound: the device waits for the host (mostly ${cause}, ${durationText(main.ns)})`
      : `idle time is mostly ${cause} (${durationText(main.ns)})${trace.api_call.length > 0 ? ', so the run is not launch-bound' : ''}`
  return [said(`${share}; ${because}.`, 'ledger', choice)]
}

/** Where the busy time is. */
function largestPhase(trace: Trace): Sentence[] {
  const rows = warmRows(trace)
  const inner = rows.filter((row) => !rows.some((other) => other.path.startsWith(`${row.path}/`)))
  const total = Math.max(...rows.map((row) => row.gpuBusyNs), 0)
  const largest = inner.toSorted((a, b) => b.gpuBusyNs - a.gpuBusyNs)[0]
  if (largest === undefined || largest.gpuBusyNs === 0) return []
  const each = perIteration(trace)
  const line = roofline.compute(trace, {}).phases.find((row) => row.path === largest.path)
  const bound =
    line?.ofPeak == null ? '' : `, at ${(100 * line.ofPeak).toFixed(0)} % of the device’s peak matrix rate`
  return [
    said(
      `${last(largest.path)} takes the most device time: ${durationText(largest.gpuBusyNs / each)} ${unit(each)}${percent(largest.gpuBusyNs, total)} of the work${bound}.`,
      line?.ofPeak == null ? 'phases' : 'roofline',
    ),
  ]
}

/** A CPU range that is several times its device time because it waits for another phase's work. */
function misleadingRange(trace: Trace): Sentence[] {
  const each = perIteration(trace)
  const rows = warmRows(trace)
  const worst = rows
    .filter((row) => row.syncNs > 0.5 * row.cpuRangeNs && row.cpuRangeNs > 2 * row.gpuBusyNs)
    .filter((row) => row.waitedFor[0] !== undefined && row.waitedFor[0].phase !== row.path)
    .toSorted((a, b) => b.cpuRangeNs - a.cpuRangeNs)[0]
  const waited = worst?.waitedFor[0]
  if (worst === undefined || waited === undefined) return []
  const other = rows.find((row) => row.path === waited.phase)
  const others = other === undefined ? '' : ` (${durationText(other.gpuBusyNs / each)} on the device)`
  return [
    said(
      `Do not read CPU ranges here: ${last(worst.path)} spans ${durationText(worst.cpuRangeNs / each)} ${each > 1 ? 'an iteration ' : ''}by CPU range but ${durationText(worst.gpuBusyNs / each)} on the device, because its ranges wait in ${Math.round(worst.syncs / each)} blocking syncs for ${last(waited.phase)}${others}.`,
      'syncs',
      representativeChoice(trace),
    ),
  ]
}

/** Raw launch cost that is back-pressure. */
function backPressure(trace: Trace): Sentence[] {
  if (trace.api_call.length === 0 || trace.device_op.length === 0) return []
  const choice = representativeChoice(trace)
  const total = launchTotal(trace, choice)
  if (total.launches === 0 || total.backPressureNs < 0.2 * total.rawNs) return []
  return [
    said(
      `${total.launches.toLocaleString('en')} launches cost the host ${durationText(total.rawNs)} raw, but ${durationText(total.correctedNs)} without the time blocked on a full launch queue, which costs nothing while the device is busy.`,
      'launches',
      choice,
    ),
  ]
}

const hasKernels = (trace: Trace): boolean =>
  [DeviceOpKind.kernel, DeviceOpKind.graph, DeviceOpKind.node].some((kind) =>
    trace.device_op.kind.includes(kind),
  )

const representative = (trace: Trace) => {
  const found = iterationsOf(trace)
  return found.representative === undefined ? undefined : found.all[found.representative]
}

const representativeChoice = (trace: Trace): WindowChoice => {
  const one = representative(trace)
  return one === undefined ? {} : { iteration: one.index }
}

const warmRows = (trace: Trace): PhaseRow[] => phaseRows(trace, warmOnly(trace))

/** Phase sums are over all warm iterations: divided by their number they are one's. */
const perIteration = (trace: Trace): number => Math.max(1, warmOf(iterationsOf(trace)).length)
const unit = (each: number): string => (each > 1 ? 'an iteration, ' : '')
const last = (path: string): string => path.split('/').at(-1)!

const said = (text: string, id: string, parameters: WindowChoice = {}): Sentence => ({
  text,
  evidence: {
    analysis: id,
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
  },
})

const percent = (part: number, whole: number): string =>
  whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`
