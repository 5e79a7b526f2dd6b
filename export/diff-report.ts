/** Everything a written report of two runs holds; the same for Markdown, JUnit and HTML. */
import type { Component } from '../analysis/diff/components.ts'
import type { Diff } from '../analysis/diff/diff.ts'
import type { GateResult } from '../analysis/diff/gate.ts'
import { verdictWords } from '../draw/diff-words.ts'
import { formatNs, formatPercent, formatRatio, formatSigned, formatValue } from '../trace/number-format.ts'

export interface DiffReport {
  base: string
  candidate: string
  diff: Diff
  components: readonly Component[]
  gates: readonly GateResult[]
}

/** The answer in one line, with its doubts. */
export function headlineOf({ diff }: DiffReport): string {
  const times = `${formatNs(diff.baseNs)} → ${formatNs(diff.candidateNs)} (${formatSigned(diff.deltaNs, 'ns')})`
  if (!diff.comparable.comparable)
    return `Not comparable: ${diff.comparable.differences.map((one) => `${one.what} ${one.base} against ${one.candidate}`).join(', ')}`
  if (diff.speedup === null)
    return `No device time on ${diff.baseNs === 0 ? 'the base' : 'the candidate'}’s side`
  const ratio =
    diff.speedup >= 1 ? `${formatRatio(diff.speedup)} as fast` : `${formatRatio(1 / diff.speedup)} as long`
  return `${ratio}: ${times}; ${doubtOf(diff)}`
}

function doubtOf(diff: Diff): string {
  if (diff.ciNs !== null)
    return `${verdictWords(diff.verdict)}, 95 % interval ${formatSigned(diff.ciNs[0], 'ns')} to ${formatSigned(diff.ciNs[1], 'ns')}${floorText(diff)}`
  const spread =
    diff.rangeNs === null
      ? ''
      : `, pairs of iterations differ by ${formatSigned(diff.rangeNs[0], 'ns')} to ${formatSigned(diff.rangeNs[1], 'ns')}`
  return `too few iterations to judge noise (${diff.base.warm} and ${diff.candidate.warm} warm, 5 needed)${spread}`
}

function floorText({ base: { noiseFloor } }: Diff): string {
  if (noiseFloor === null) return ''
  return `, with the kept noise between captures (${formatPercent(100 * noiseFloor.share)} by ${noiseFloor.captures} captures)`
}

/** What stands before the terms: what a person corrected, and which devices the terms leave out. */
export function notesOf({ diff }: DiffReport): string[] {
  const notes: string[] = []
  const { byHand } = diff.alignment
  if (byHand.length > 0)
    notes.push(
      `Alignment corrected by hand: ${byHand.map(pairText).join('; ')}. The terms follow the correction and still sum exactly.`,
    )
  const { base, candidate } = diff
  if (base.devices.length > 1 || candidate.devices.length > 1)
    notes.push(
      `Of one device a side: ${base.deviceId} (${base.device}) of the base’s ${base.devices.length}, ${candidate.deviceId} (${candidate.device}) of the candidate’s ${candidate.devices.length}. The others are not in these terms: choose one with --device.${busierText(candidate)}`,
    )
  return notes
}

/** Said where the candidate has a busier device than the one with the base's number: it may have moved its work. */
export function busierText({ devices, deviceId }: Pick<Diff['candidate'], 'devices' | 'deviceId'>): string {
  const own = devices.find(({ id }) => id === deviceId)
  const most = devices.reduce((a, b) => (b.sumNs > a.sumNs ? b : a), devices[0]!)
  return own === undefined || most.sumNs <= own.sumNs
    ? ''
    : ` The candidate’s busiest is ${most.id} (${formatNs(most.sumNs)} of work, ${formatNs(own.sumNs)} on ${deviceId}).`
}

/** "A is B", "A has no partner". */
export const pairText = ({ base, candidate }: Diff['alignment']['byHand'][number]): string =>
  base !== null && candidate !== null
    ? `the base’s ${base} is the candidate’s ${candidate}`
    : base !== null
      ? `the base’s ${base} has no partner`
      : `the candidate’s ${candidate} has no partner`

export const intervalText = (ci: readonly [number, number] | null): string =>
  ci === null ? '—' : `${formatSigned(ci[0], 'ns')} to ${formatSigned(ci[1], 'ns')}`

/** What a gate found, in words; of one that could not be judged first why. */
export function gateText(gate: GateResult): string {
  const value = (one: number | null): string =>
    one === null ? '—' : formatValue(one, gate.unit === 'count' ? 'count' : gate.unit)
  const isMeasured = gate.base !== null || gate.candidate !== null
  const measured = `${value(gate.base)} → ${value(gate.candidate)}`
  if (gate.result === 'inconclusive')
    return `${gate.gate}: not judged, as ${gate.why}${isMeasured ? ` (${measured})` : ''}`
  return `${gate.gate}: ${gate.result} — ${measured}; ${gate.why}`
}

/** "24", or "24 → 20" where the sides differ. */
export const callsText = ({ baseCalls, candidateCalls }: Component): string =>
  countsText(baseCalls, candidateCalls)

/** "1.11×"; "1.00× per call" where the sides ran it more or less often; "—" where there is none or it is withheld. */
export const speedupText = ({ speedup, isPerCall }: Component): string =>
  speedup === null ? '—' : `${formatRatio(speedup)}${isPerCall ? ' per call' : ''}`

/** What the table of components holds, and where it holds no speedups, why. */
export function componentsTitle({ diff }: Pick<DiffReport, 'diff'>): string {
  const [base, candidate] = [diff.base, diff.candidate].map(({ representative }) => representative !== null)
  const of =
    base === candidate
      ? base
        ? 'median iteration'
        : 'recorded capture'
      : `${base ? 'median iteration' : 'recorded capture'} of the base and the ${candidate ? 'median iteration' : 'recorded capture'} of the candidate`
  const withheld = diff.comparable.comparable ? '' : '; no speedups, as the runs are not comparable'
  return `Components (device busy time of the ${of}; the last row is its whole length${withheld})`
}

/** The same for device ops. */
export const opsText = ({ baseOps, candidateOps }: Component): string => countsText(baseOps, candidateOps)

const countsText = (base: number, candidate: number): string =>
  base === candidate ? String(base) : `${base} → ${candidate}`
