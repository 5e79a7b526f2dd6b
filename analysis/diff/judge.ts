/**
 * The noise of every term: its value in each warm iteration of each capture, by the matches of the representative ones.
 *
 *   representative   a b c d e      c has no match on the other side: it counts as removed
 *   another          a b c d e      so c counts as removed here as well; where kernels differ, the iterations are aligned
 */
import { NONE } from '../../trace/column.ts'
import { OWNERS } from '../ownership.ts'
import { align } from './align.ts'
import { adjusted } from './false-discovery.ts'
import { intervalOf, Resampler, verdictOf } from './noise.ts'
import type { Floor, Interval, Sample, Verdict } from './noise.ts'
import type { Side } from './side.ts'
import { kindOf, termKey } from './waterfall.ts'
import type { Matched, Term } from './waterfall.ts'

export interface Judged {
  /** 95 % interval; null where a side has too few iterations. */
  ciNs: [number, number] | null
  /** Smallest and largest difference over all pairings of warm iterations; null where there are none. */
  rangeNs: [number, number] | null
  /** The smallest true difference that would be found 4 times in 5; null where a side has too few iterations. */
  minimumDetectableNs: number | null
  verdict: Verdict
}
export type JudgedTerm = Term & Judged

export interface Warm {
  /** The representative iteration. */
  side: Side
  /** Every warm iteration, by capture, in time order; the representative one is among them where there are any. */
  all: readonly (readonly Side[])[]
  /** What is known of the device's noise between captures. */
  floor?: Floor | undefined
}

/** The total and the terms with their noise. Terms are corrected for being many; the total is one question. */
export function judged(
  terms: readonly Term[],
  base: Warm,
  candidate: Warm,
  matched: Matched,
): { total: Judged; terms: JudgedTerm[] } {
  const walls = [wallsOf(base), wallsOf(candidate)] as const
  const draws = [new Resampler(walls[0]), new Resampler(walls[1])] as const
  const floors = [base.floor, candidate.floor] as const
  const total = judge(
    candidate.side.wall - base.side.wall,
    walls[0],
    walls[1],
    intervalOf(walls[0], walls[1], draws, floors),
  )
  const a = termValues(base, matched.base, -1)
  const b = termValues(candidate, matched.candidate, 1)
  const samples = terms.map(({ phase, owner, kind }) => {
    const key = termKey(phase, owner, kind)
    return [sampleOf(a, key), sampleOf(b, key)] as const
  })
  const intervals = samples.map(([x, y]) => intervalOf(x, y, draws, floors))
  const p = adjusted(intervals.map((interval) => interval?.p ?? 1))
  return {
    total,
    terms: terms.map((term, i) => ({ ...term, ...judge(term.ns, ...samples[i]!, intervals[i], p[i]) })),
  }
}

const wallsOf = ({ all }: Warm): Sample =>
  all.filter((sides) => sides.length > 0).map((sides) => sides.map((side) => side.wall))

/** The interval is widened to hold the term's own value, which is that of two iterations and not of the means. */
export function judge(
  ns: number,
  base: Sample,
  candidate: Sample,
  interval: Interval | undefined,
  p = interval?.p ?? 1,
): Judged {
  const [x, y] = [base.flat(), candidate.flat()]
  const rangeNs: [number, number] | null =
    x.length === 0 || y.length === 0 ? null : [least(y) - greatest(x), greatest(y) - least(x)]
  if (interval === undefined)
    return { ciNs: null, rangeNs, minimumDetectableNs: null, verdict: 'too-few-iterations' }
  const low = Math.min(interval.low, ns)
  const high = Math.max(interval.high, ns)
  return {
    ciNs: [Math.floor(low) + 0, Math.ceil(high) + 0],
    rangeNs,
    minimumDetectableNs: Math.ceil(interval.minimumDetectable),
    verdict: verdictOf({ ...interval, low, high }, p),
  }
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const greatest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity)

/** Time behind each term of each iteration, by capture. */
type Values = readonly (readonly ReadonlyMap<string, number>[])[]

/** What a term lacks on a side is nothing, in every iteration: "added" is 0 throughout the base. */
const sampleOf = (values: Values, key: string): Sample =>
  values.map((capture) => capture.map((one) => one.get(key) ?? 0))

function termValues({ side, all }: Warm, matched: Uint8Array, sign: -1 | 1): Values {
  const captures = all.filter((sides) => sides.length > 0)
  return captures.map((capture) =>
    capture.map((one) => valuesOf(one, one === side ? matched : inherited(side, matched, one), sign)),
  )
}

function valuesOf(side: Side, matched: Uint8Array, sign: -1 | 1): Map<string, number> {
  // Numbers first, text once: an iteration has many ops and few terms.
  const size = OWNERS.length * 2
  const sums = new Float64Array(side.paths.length * size)
  for (let i = 0; i < side.ops.length; i++)
    sums[side.phase[i]! * size + side.class[i]! * 2 + matched[i]!]! += side.owned[i]!
  for (const { phase, owner, ns } of side.idle) sums[phase * size + owner * 2]! += ns
  const values = new Map<string, number>()
  for (let key = 0; key < sums.length; key++) {
    if (sums[key] === 0) continue
    const owner = OWNERS[(key % size) >> 1]!
    const kind = owner.startsWith('idle/') ? 'idle' : kindOf(key % 2 === 1, sign)
    const name = termKey(side.paths[Math.floor(key / size)]!, owner, kind)
    values.set(name, (values.get(name) ?? 0) + sums[key]!)
  }
  return values
}

/** Which ops of another iteration of the same run count as matched. */
function inherited(representative: Side, matched: Uint8Array, other: Side): Uint8Array {
  if (sameOps(representative, other)) return matched
  const groups = align(representative, other)
  const byGroup = new Map<number, number>()
  for (const [i, group] of groups.base.entries()) if (group !== NONE) byGroup.set(group, matched[i]!)
  // An op the representative lacks: as most time of its phase and class counts there.
  const usual = new Map<string, number>()
  const key = (side: Side, i: number): string => `${side.class[i]} ${side.paths[side.phase[i]!]}`
  for (let i = 0; i < matched.length; i++) {
    const name = key(representative, i)
    usual.set(name, (usual.get(name) ?? 0) + (matched[i] === 1 ? 1 : -1) * representative.owned[i]!)
  }
  return Uint8Array.from(groups.candidate, (group, i) =>
    group === NONE ? ((usual.get(key(other, i)) ?? 0) > 0 ? 1 : 0) : byGroup.get(group)!,
  )
}

function sameOps(a: Side, b: Side): boolean {
  if (a.trace !== b.trace || a.ops.length !== b.ops.length) return false
  const { name } = a.trace.device_op
  for (let i = 0; i < a.ops.length; i++)
    if (name[a.ops[i]!] !== name[b.ops[i]!] || a.phase[i] !== b.phase[i]) return false
  return true
}
