/**
 * A difference as steps from nothing to the whole of it: each term begins where the one before it ended.
 *
 *   0 |████| attention −2.0 s            the axis is the difference to the base: left is gained, right is lost
 *          |█| layout +0.3 s
 *     Δ ███| −1.7 s                      the last step ends at Δ, to the nanosecond
 */

export interface Term {
  /** Path of the phase; empty where terms are not told apart by phase. */
  readonly phase: string
  readonly owner: string
  /** faster-slower, added, removed, idle; empty where the runs were not aligned. */
  readonly kind: string
  readonly ns: number
  readonly ciNs?: readonly [number, number] | null
  readonly verdict?: string | null
}

export interface Step {
  /** Undefined for what is left of many small terms. */
  readonly term: Term | undefined
  /** How many terms it holds. */
  readonly terms: number
  readonly ns: number
  readonly fromNs: number
  readonly toNs: number
}

/** The largest `limit` terms by size, then the rest as one step. Nothing is dropped: the last `toNs` is Σ ns. */
export function waterfall(terms: readonly Term[], limit: number): Step[] {
  const moved = terms.filter((term) => term.ns !== 0).toSorted((a, b) => Math.abs(b.ns) - Math.abs(a.ns))
  // One left over is shown by its name, not as "1 other".
  const shown = moved.length <= limit + 1 ? moved : moved.slice(0, limit)
  const rest = moved.slice(shown.length)
  let at = 0
  const steps = shown.map((term): Step => ({
    term,
    terms: 1,
    ns: term.ns,
    fromNs: at,
    toNs: (at += term.ns),
  }))
  if (rest.length > 0) {
    const ns = rest.reduce((sum, term) => sum + term.ns, 0)
    steps.push({ term: undefined, terms: rest.length, ns, fromNs: at, toNs: at + ns })
  }
  return steps
}

export interface PhaseOwnerTime {
  readonly phase: string
  readonly owner: string
  readonly ns: number
}

/**
 * Candidate − base of two exact partitions, per (phase, owner) or, with `merged`, per owner alone. The terms add up to the
 * difference of the wall times, because each side adds up to its own.
 */
export function termsBetween(
  base: readonly PhaseOwnerTime[],
  candidate: readonly PhaseOwnerTime[],
  merged: boolean,
): Term[] {
  const terms = new Map<string, { phase: string; owner: string; ns: number }>()
  const add = (one: PhaseOwnerTime, sign: number): void => {
    const phase = merged ? '' : one.phase
    const key = `${phase}\n${one.owner}`
    const term = terms.get(key)
    if (term) term.ns += sign * one.ns
    else terms.set(key, { phase, owner: one.owner, ns: sign * one.ns })
  }
  for (const one of base) add(one, -1)
  for (const one of candidate) add(one, 1)
  return [...terms.values()].map((term) => ({ ...term, kind: '' }))
}
