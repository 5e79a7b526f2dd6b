/**
 * Gates: a limit on a metric, for a machine that must say yes or no.
 *
 *   latency<=+3%                at most 3 % above the base
 *   phase[Frame_Attention].busy<=+2ms
 *   gpu.utilisation>=85%        the candidate itself
 *
 * A gate fails only on a change that is detectable and past its limit. What cannot be told is `inconclusive`, never passed.
 */
import { UserError } from '../../trace/errors.ts'
import { sampleOf } from '../metrics/measure.ts'
import { phasesCalled } from '../phase-tree.ts'
import { definitionOf, quantityOf, unitOf } from '../metrics/quantity.ts'
import type { Quantity, Unit } from '../metrics/quantity.ts'
import { median } from './median.ts'
import { intervalOf, Resampler, verdictOf } from './noise.ts'
import type { Verdict } from './noise.ts'
import type { Warm } from './judge.ts'

export interface Gate {
  text: string
  quantity: Quantity
  sense: '<=' | '>='
  /** In the quantity's unit, or a share of the base. */
  limit: number
  of: 'change' | 'relative change' | 'candidate'
}

export interface GateResult {
  gate: string
  definition: string
  unit: Unit
  /** Medians over the warm iterations; null where it could not be measured. */
  base: number | null
  candidate: number | null
  /** What the limit is about: the change, the change over the base, or the candidate. */
  measured: number | null
  limit: number
  /** 95 % interval of the change, in the quantity's unit. */
  ci: [number, number] | null
  verdict: Verdict | null
  result: 'passed' | 'failed' | 'inconclusive'
  why: string
}

const SCALE: Readonly<Record<string, { unit: Unit; factor: number }>> = {
  ns: { unit: 'ns', factor: 1 },
  us: { unit: 'ns', factor: 1e3 },
  µs: { unit: 'ns', factor: 1e3 },
  ms: { unit: 'ns', factor: 1e6 },
  s: { unit: 'ns', factor: 1e9 },
  B: { unit: 'bytes', factor: 1 },
  KiB: { unit: 'bytes', factor: 1024 },
  MiB: { unit: 'bytes', factor: 1024 ** 2 },
  GiB: { unit: 'bytes', factor: 1024 ** 3 },
  MB: { unit: 'bytes', factor: 1e6 },
  GB: { unit: 'bytes', factor: 1e9 },
}

/** Reads "latency<=+3%". Throws UserError('bad-request') for what is no gate. */
export function gateOf(text: string): Gate {
  const match = /^(.+?)\s*(<=|>=)\s*([+-]?)(\d+(?:\.\d+)?)\s*(\S*)$/.exec(text.trim())
  if (match === null)
    throw new UserError(
      'bad-request',
      `"${text}" is no gate; write METRIC<=+3%, METRIC<=+2ms (change) or METRIC<=20ms (the candidate itself)`,
    )
  const [, name, sense, sign, digits, suffix] = match
  const quantity = quantityOf(name!)
  const unit = unitOf(quantity)
  const limit = Number(digits) * (sign === '-' ? -1 : 1)
  const gate = { text: text.trim(), quantity, sense: sense as '<=' | '>=' }
  const of = sign === '' ? 'candidate' : 'change'
  if (suffix === '%') {
    if (unit === 'percent') return { ...gate, limit, of }
    if (of === 'candidate')
      throw new UserError(
        'bad-request',
        `"${text}": a share of the base has a sign, as in ${name}${sense}+${digits}%`,
      )
    return { ...gate, limit: limit / 100, of: 'relative change' }
  }
  const scale = SCALE[suffix!]
  if (suffix === '' && unit !== 'ns') return { ...gate, limit, of }
  if (scale === undefined || scale.unit !== unit)
    throw new UserError(
      'bad-request',
      `"${text}": ${name} is measured in ${unit}, and "${suffix}" is no unit of that; write % or one of ${Object.keys(SCALE).join(', ')}`,
    )
  return { ...gate, limit: limit * scale.factor, of }
}

/** Holds a gate against two runs that were found comparable or not. */
export function judgeGate(gate: Gate, base: Warm, candidate: Warm, isComparable: boolean): GateResult {
  const { quantity } = gate
  if (quantity.name === 'phase') known(quantity.phase, base, candidate)
  const empty = {
    gate: gate.text,
    definition: definitionOf(quantity),
    unit: unitOf(quantity),
    base: null,
    candidate: null,
    measured: null,
    limit: gate.limit,
    ci: null,
    verdict: null,
  }
  // What is asked of two experiments has no answer, whatever else is missing.
  const doubtful = (found: Omit<GateResult, 'result' | 'why'>, why?: string): GateResult => ({
    ...found,
    result: 'inconclusive',
    why: [...(isComparable ? [] : ['the runs are not comparable']), ...(why === undefined ? [] : [why])].join(
      ' and ',
    ),
  })
  const [x, y] = [sampleOf(base.all, quantity), sampleOf(candidate.all, quantity)]
  for (const [side, name] of [
    [x, 'base'],
    [y, 'candidate'],
  ] as const)
    if ('missing' in side) return doubtful(empty, `the ${name} did not record ${side.missing}`)
  const values = [x, y].map((one) => ('values' in one ? one.values.filter((mine) => mine.length > 0) : []))
  const [a, b] = [values[0]!, values[1]!]
  if (a.length === 0 || b.length === 0)
    return doubtful(empty, `the ${a.length === 0 ? 'base' : 'candidate'} has no iterations`)
  const [from, to] = [median(a.flat()), median(b.flat())]
  const change = to - from
  const measured =
    gate.of === 'candidate' ? to : gate.of === 'change' ? change : from === 0 ? null : change / from
  // The kept noise is one of times: it says nothing about counts.
  const floors = unitOf(quantity) === 'ns' ? ([base.floor, candidate.floor] as const) : undefined
  const interval = intervalOf(a, b, [new Resampler(a), new Resampler(b)], floors)
  const verdict = towards(verdictOf(interval, interval?.p ?? 1), gate.sense)
  const result = {
    ...empty,
    base: from,
    candidate: to,
    measured,
    ci: interval === undefined ? null : ([interval.low, interval.high] as [number, number]),
    verdict,
  }
  if (!isComparable) return doubtful(result)
  if (verdict === 'too-few-iterations')
    return doubtful(result, 'there are fewer than 5 warm iterations on a side')
  const isPast =
    measured === null ? change > 0 : gate.sense === '<=' ? measured > gate.limit : measured < gate.limit
  if (!isPast) return { ...result, result: 'passed', why: 'within the limit' }
  // The candidate's own value needs no base: past is past.
  if (gate.of === 'candidate' || verdict === 'regressed')
    return { ...result, result: 'failed', why: 'past the limit, and more than noise' }
  return doubtful(result, 'it is past the limit, but by no more than noise')
}

/** Of a metric that should be large, less is a regression. */
const towards = (verdict: Verdict, sense: '<=' | '>='): Verdict =>
  sense === '<=' || (verdict !== 'regressed' && verdict !== 'improved')
    ? verdict
    : verdict === 'regressed'
      ? 'improved'
      : 'regressed'

function known(phase: string, base: Warm, candidate: Warm): void {
  const traces = [base.side, candidate.side].map((side) => side.trace)
  if (traces.some((trace) => phasesCalled(trace, phase).length > 0)) return
  const there = [...new Set([...base.side.paths, ...candidate.side.paths])].slice(1, 9)
  throw new UserError(
    'bad-request',
    `no phase "${phase}" on either side; there are ${there.join(', ') || 'none'}`,
  )
}
