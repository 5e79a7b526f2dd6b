/**
 * Claims against two runs: measured value, its range over all pairings of warm iterations, verdict, and what is missing.
 *
 *   measured range        |-----|
 *   claim inside            ·           supported
 *   better than claimed   ·             supported (the claim asks for less than was measured)
 *   outside                       ·     contradicted
 */
import type { Claim, ClaimedWorkload, ClaimsFile } from '../../trace/claims.ts'
import { UserError } from '../../trace/errors.ts'
import { comparable } from '../diff/comparable.ts'
import type { Warm } from '../diff/judge.ts'
import { median } from '../diff/median.ts'
import { intervalOf, Resampler } from '../diff/noise.ts'
import type { Floor, Sample } from '../diff/noise.ts'
import { sampleOf } from '../metrics/measure.ts'
import { phasesCalled } from '../phase-tree.ts'
import { unitOf } from '../metrics/quantity.ts'
import { claimedValue } from './claimed-value.ts'
import type { ClaimedValue } from './claimed-value.ts'
import { expressionOf, valueOf } from './expression.ts'
import type { Expression } from './expression.ts'
import { plausibility } from './plausible.ts'
import type { Plausibility } from './plausible.ts'
import { workloadDifferences } from './workload.ts'
import type { WorkloadDifference } from './workload.ts'

export type ClaimVerdict = 'supported' | 'contradicted' | 'not-answerable'

export interface JudgedClaim {
  id: string
  text: string
  /** As it was written. */
  claimed: string
  metric: string | null
  unit: Expression['unit'] | null
  /** Of the medians of both sides. */
  measured: number | null
  range: [number, number] | null
  verdict: ClaimVerdict
  definition: string | null
  /** What it would take to answer; null where it was answered. */
  missing: string | null
  /** How the measured workload differs from the one the claim names. */
  workload: WorkloadDifference[]
  /** Whether the claimed number itself is possible; null where that cannot be told. */
  plausibility: Plausibility | null
  /** The values behind it, one a warm iteration. */
  evidence: { base: number[]; candidate: number[] } | null
}

export interface JudgedClaims {
  title: string | null
  claims: JudgedClaim[]
}

/** Reads every metric and number of a file, before any capture is. Throws UserError('bad-input') for what is none. */
export function checkClaims({ claims }: ClaimsFile): void {
  for (const claim of claims)
    if (claim.metric !== undefined) fits(claim, expressionOf(claim.metric), claimedValue(claim.claimed))
}

/** Judges all claims of a file. Throws UserError('bad-input') for a metric or number that is none. */
export function judgeClaims(file: ClaimsFile, base: Warm, candidate: Warm): JudgedClaims {
  const differences = comparable(base.side, candidate.side)
  const apart = differences.comparable
    ? undefined
    : `two comparable runs (these differ in ${differences.differences.map((one) => one.what).join(', ')})`
  return {
    title: file.title ?? null,
    claims: file.claims.map((claim) =>
      judge(claim, { ...file.workload, ...claim.workload }, base, candidate, apart),
    ),
  }
}

function judge(
  claim: Claim,
  workload: ClaimedWorkload,
  base: Warm,
  candidate: Warm,
  apart: string | undefined,
): JudgedClaim {
  const said = {
    id: claim.id,
    text: claim.text,
    claimed: String(claim.claimed),
    metric: claim.metric ?? null,
    unit: null,
    measured: null,
    range: null,
    verdict: 'not-answerable',
    definition: null,
    plausibility: null,
    evidence: null,
  } as const
  if (claim.metric === undefined)
    return { ...said, workload: [], missing: claim.needs ?? 'a metric that a capture holds' }
  const expression = expressionOf(claim.metric)
  const value = claimedValue(claim.claimed)
  fits(claim, expression, value)
  const known = {
    ...said,
    unit: expression.unit,
    definition: expression.definition,
    workload: workloadDifferences(workload, (expression.form === 'base' ? base : candidate).side),
    plausibility: plausibility(expression, value.value, workload) ?? null,
  }
  const found = samples(expression, base, candidate)
  if ('missing' in found) return { ...known, missing: found.missing }
  if (apart !== undefined && (expression.form === 'speedup' || expression.form === 'reduction'))
    return { ...known, missing: apart }
  const { measured, range } = rangeOf(expression, found.base, found.candidate, [base.floor, candidate.floor])
  if (measured === undefined || range === undefined) return { ...known, missing: 'a base that is not zero' }
  return {
    ...known,
    measured,
    range,
    verdict: holds(expression, value, range) ? 'supported' : 'contradicted',
    missing: null,
    evidence: { base: found.base.flat(), candidate: found.candidate.flat() },
  }
}

function samples(
  { quantity, form }: Expression,
  base: Warm,
  candidate: Warm,
): { base: Sample; candidate: Sample } | { missing: string } {
  const found: Record<'base' | 'candidate', Sample> = { base: [], candidate: [] }
  for (const [name, warm] of Object.entries({ base, candidate }) as ['base' | 'candidate', Warm][]) {
    if (name !== form && (form === 'base' || form === 'candidate')) continue
    if (quantity.name === 'phase' && phasesCalled(warm.side.trace, quantity.phase).length === 0)
      return { missing: `a phase called "${quantity.phase}" in the ${name}` }
    // A run without iterations is one measurement: the whole capture.
    const all = warm.all.some((mine) => mine.length > 0) ? warm.all : [[warm.side]]
    const sample = sampleOf(all, quantity)
    if ('missing' in sample) return { missing: `${sample.missing}, in the ${name}` }
    found[name] = sample.values.filter((mine) => mine.length > 0)
  }
  return found
}

/** The value of the medians, and of all pairs; widened by the noise of the means where enough iterations tell it. */
function rangeOf(
  { form, quantity }: Expression,
  base: Sample,
  candidate: Sample,
  floors: readonly [Floor | undefined, Floor | undefined],
): { measured: number | undefined; range: [number, number] | undefined } {
  const measured = valueOf(form, median(base.flat()), median(candidate.flat()))
  // One side by itself has no partner: each of its values stands alone.
  const [a, b] = [base.length === 0 ? [NaN] : base.flat(), candidate.length === 0 ? [NaN] : candidate.flat()]
  let low = Infinity
  let high = -Infinity
  for (const x of a)
    for (const y of b) {
      const value = valueOf(form, x, y)
      if (value === undefined) return { measured, range: undefined }
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  const noise = noiseOf(base, candidate, unitOf(quantity) === 'ns' ? floors : undefined)
  return { measured, range: [low - noise * Math.abs(low), high + noise * Math.abs(high)] }
}

/** Half the interval of the difference, as a share of the base (of the only side); 0 where iterations are too few. */
function noiseOf(
  base: Sample,
  candidate: Sample,
  floors?: readonly [Floor | undefined, Floor | undefined],
): number {
  const only = base.length === 0 ? candidate : candidate.length === 0 ? base : undefined
  const [x, y] = only === undefined ? [base, candidate] : [only, only]
  const interval = intervalOf(x, y, [new Resampler(x), new Resampler(y)], floors)
  const scale = Math.abs(median(x.flat()))
  return interval === undefined || scale === 0 ? 0 : (interval.high - interval.low) / 2 / scale
}

function holds({ better }: Expression, value: ClaimedValue, [low, high]: readonly [number, number]): boolean {
  const wants = value.sense === '>=' ? 'more' : value.sense === '<=' ? 'less' : better
  if (wants === 'more') return high >= value.value - value.rounding
  if (wants === 'less') return low <= value.value + value.rounding
  return low <= value.value + value.rounding && high >= value.value - value.rounding
}

function fits(claim: Claim, { unit }: Expression, value: ClaimedValue): void {
  const wanted = unit === 'ratio' || unit === 'count' ? 'plain' : unit
  if (value.unit !== wanted)
    throw new UserError(
      'bad-input',
      `claim "${claim.id}": ${claim.metric} is measured ${UNIT_WORDS[unit]}, and "${value.text}" is not`,
    )
}

const UNIT_WORDS: Record<Expression['unit'], string> = {
  ns: 'in time, as 420ms',
  bytes: 'in bytes, as 14.2 GB',
  percent: 'in per cent, as 22%',
  count: 'as a count, as 11985',
  ratio: 'as a ratio, as 2.8',
}
