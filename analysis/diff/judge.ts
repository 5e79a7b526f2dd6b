/**
 * The noise of every term and kernel: its value in each warm iteration of each capture, by the matches of the representative ones.
 *
 *   representative   a b c d e      c has no match on the other side: it counts as removed
 *   another          a b c d e      so c counts as removed here as well; where kernels differ, the iterations are aligned
 */
import { NONE } from '../../trace/column.ts'
import { OWNERS } from '../ownership.ts'
import { align } from './align.ts'
import { adjusted } from './false-discovery.ts'
import type { KernelDifference, Kernels } from './kernels.ts'
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
export type JudgedKernel = KernelDifference & Judged

export interface Warm {
  /** The representative iteration. */
  side: Side
  /** Every warm iteration, by capture, in time order; the representative one is among them where there are any. */
  all: readonly (readonly Side[])[]
  /** What is known of the device's noise between captures. */
  floor?: Floor | undefined
}

/**
 * The total, the terms and the kernels with their noise. Terms are corrected for being many, and so are kernels; the total
 * is one question.
 */
export function judged(
  terms: readonly Term[],
  kernels: Kernels,
  base: Warm,
  candidate: Warm,
  matched: Matched,
): { total: Judged; terms: JudgedTerm[]; kernels: JudgedKernel[] } {
  const walls = [wallsOf(base), wallsOf(candidate)] as const
  const draws = [new Resampler(walls[0]), new Resampler(walls[1])] as const
  const floors = [base.floor, candidate.floor] as const
  const total = judge(
    candidate.side.wall - base.side.wall,
    walls[0],
    walls[1],
    intervalOf(walls[0], walls[1], draws, floors),
  )
  const a = valuesOf(base, matched.base, -1, terms, kernels.base, kernels.rows.length)
  const b = valuesOf(candidate, matched.candidate, 1, terms, kernels.candidate, kernels.rows.length)
  const each = <T extends { ns: number }>(rows: readonly T[], from: number): (T & Judged)[] => {
    const samples = rows.map((_, i) => [sampleOf(a, from + i), sampleOf(b, from + i)] as const)
    const intervals = samples.map(([x, y]) => intervalOf(x, y, draws, floors))
    const p = adjusted(intervals.map((interval) => interval?.p ?? 1))
    return rows.map((row, i) => ({ ...row, ...judge(row.ns, ...samples[i]!, intervals[i], p[i]) }))
  }
  return { total, terms: each(terms, 0), kernels: each(kernels.rows, terms.length) }
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

/** By capture and iteration: the time behind each term, then behind each kernel. */
type Values = readonly (readonly Float64Array[])[]

/** What a term lacks on a side is nothing, in every iteration: "added" is 0 throughout the base. */
const sampleOf = (values: Values, at: number): Sample =>
  values.map((capture) => capture.map((one) => one[at]!))

function valuesOf(
  { side, all }: Warm,
  matched: Uint8Array,
  sign: -1 | 1,
  terms: readonly Term[],
  kernelOf: Uint32Array,
  kernels: number,
): Values {
  const places = new TermPlaces(terms, sign)
  return all
    .filter((sides) => sides.length > 0)
    .map((capture) =>
      capture.map((one) => {
        const values = new Float64Array(terms.length + kernels)
        const termAt = places.of(one)
        const like = one === side || sameOps(side, one) ? undefined : likeness(side, matched, one)
        for (let i = 0; i < one.ops.length; i++) {
          // The op of the representative iteration that this one is.
          const k = like === undefined ? i : like.op[i]!
          const isMatched = like === undefined ? matched[i]! : like.matched[i]!
          const term = termAt[(one.phase[i]! * OWNERS.length + one.class[i]!) * 2 + isMatched]!
          const ns = one.owned[i]!
          if (term >= 0) values[term]! += ns
          if (k !== NONE && kernelOf[k] !== NONE) values[terms.length + kernelOf[k]!]! += ns
        }
        for (const { phase, owner, ns } of one.idle) {
          const term = termAt[(phase * OWNERS.length + owner) * 2]!
          if (term >= 0) values[term]! += ns
        }
        return values
      }),
    )
}

/** Which term an op belongs to, by phase index, owner and whether it is matched: text once, numbers for every op. */
class TermPlaces {
  readonly #byKey: ReadonlyMap<string, number>
  readonly #sign: -1 | 1
  readonly #known = new Map<readonly string[], Int32Array>()

  constructor(terms: readonly Term[], sign: -1 | 1) {
    this.#byKey = new Map(terms.map((term, i) => [termKey(term.phase, term.owner, term.kind), i]))
    this.#sign = sign
  }

  /** Index of the term, −1 for none, at (phase · owners + owner) · 2 + matched. */
  of({ paths }: Side): Int32Array {
    const before = this.#known.get(paths)
    if (before !== undefined) return before
    const places = new Int32Array(paths.length * OWNERS.length * 2)
    for (let at = 0; at < places.length; at++) {
      const owner = OWNERS[(at >> 1) % OWNERS.length]!
      const kind = owner.startsWith('idle/') ? 'idle' : kindOf(at % 2 === 1, this.#sign)
      places[at] = this.#byKey.get(termKey(paths[Math.floor(at / 2 / OWNERS.length)]!, owner, kind)) ?? -1
    }
    this.#known.set(paths, places)
    return places
  }
}

/** Which op of the representative iteration each op of another one is (NONE: none of them), and whether it counts as matched. */
function likeness(
  representative: Side,
  matched: Uint8Array,
  other: Side,
): { op: Uint32Array; matched: Uint8Array } {
  const groups = align(representative, other)
  const byGroup = new Map<number, number>()
  for (const [i, group] of groups.base.entries()) if (group !== NONE) byGroup.set(group, i)
  // An op the representative lacks: as most time of its phase and class counts there.
  const usual = new Map<string, number>()
  const key = (side: Side, i: number): string => `${side.class[i]} ${side.paths[side.phase[i]!]}`
  for (let i = 0; i < matched.length; i++) {
    const name = key(representative, i)
    usual.set(name, (usual.get(name) ?? 0) + (matched[i] === 1 ? 1 : -1) * representative.owned[i]!)
  }
  const op = Uint32Array.from(groups.candidate, (group) => (group === NONE ? NONE : byGroup.get(group)!))
  return {
    op,
    matched: Uint8Array.from(op, (k, i) =>
      k === NONE ? ((usual.get(key(other, i)) ?? 0) > 0 ? 1 : 0) : matched[k]!,
    ),
  }
}

function sameOps(a: Side, b: Side): boolean {
  if (a.trace !== b.trace || a.ops.length !== b.ops.length) return false
  const { name } = a.trace.device_op
  for (let i = 0; i < a.ops.length; i++)
    if (name[a.ops[i]!] !== name[b.ops[i]!] || a.phase[i] !== b.phase[i]) return false
  return true
}
