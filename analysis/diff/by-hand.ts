/**
 * An alignment corrected by hand: which phase of the candidate is which of the base.
 *
 *   "A/x=B/y"   the candidate's B/y (and what is inside) is the base's A/x
 *   "A/x="      the base's A/x has no partner          "=B/y"   the candidate's B/y has none
 *
 * A correction only gives the candidate's phases other names, before anything is matched: so all that follows (matches,
 * terms, sums) is as exact as without one. A phase without a partner is called "… (unpaired)".
 */
import { UserError } from '../../trace/errors.ts'
import { pathsCalled } from '../phase-tree.ts'

export interface Pair {
  /** Phase paths; null where a phase is left without a partner. */
  base: string | null
  candidate: string | null
}

export const UNPAIRED = ' (unpaired)'

/**
 * Reads corrections against the phases that there are. A phase may be named by its path or by the end of it, where only one
 * ends so. Throws UserError('bad-request') for what names no phase, and for a phase of the candidate that is paired twice.
 */
export function pairsOf(
  texts: readonly string[],
  basePaths: readonly string[],
  candidatePaths: readonly string[],
): Pair[] {
  const pairs = texts.map((text) => pairOf(text, basePaths, candidatePaths))
  for (const [i, one] of pairs.entries())
    if (one.candidate !== null && pairs.slice(0, i).some(({ candidate }) => candidate === one.candidate))
      throw new UserError('bad-request', `the candidate’s phase ${one.candidate} is paired twice`)
  return pairs
}

function pairOf(text: string, basePaths: readonly string[], candidatePaths: readonly string[]): Pair {
  // A name may itself hold a "=": the split at which both sides are phases is meant.
  const splits = [...text.matchAll(/=/g)].map(({ index }) => [text.slice(0, index), text.slice(index + 1)])
  for (const [left, right] of splits) {
    const base = left === '' ? null : named(left!.trim(), basePaths)
    const candidate = right === '' ? null : named(right!.trim(), candidatePaths)
    if (base !== undefined && candidate !== undefined && (base !== null || candidate !== null))
      return { base, candidate }
  }
  throw new UserError(
    'bad-request',
    splits.length === 0
      ? `"${text}" is no pair of phases; write BASE=CANDIDATE, or BASE= for no partner`
      : `"${text}" does not name one phase a side; the base has ${listed(basePaths)}, the candidate ${listed(candidatePaths)}`,
  )
}

function named(name: string, paths: readonly string[]): string | undefined {
  const called = pathsCalled(paths, name)
  return called.length === 1 ? paths[called[0]!] : undefined
}

const listed = (paths: readonly string[]): string =>
  paths.slice(1, 9).join(', ') + (paths.length > 9 ? `, … (${paths.length - 1})` : '')

/** The candidate's paths under the names that the base has for them. */
export function correctedPaths(paths: readonly string[], pairs: readonly Pair[]): string[] {
  const own = new Map<string, string>()
  for (const { base } of pairs) if (base !== null) own.set(base, `${base}${UNPAIRED}`)
  for (const { base, candidate } of pairs)
    if (candidate !== null) own.set(candidate, base ?? `${candidate}${UNPAIRED}`)
  return paths.map((path) => {
    // The nearest phase around it that was named, itself first.
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const to = own.get(path.slice(0, end))
      if (to !== undefined) return to + path.slice(end)
    }
    return path
  })
}

/** The base's phases that were given a partner: their instances are held against each other wherever they stand. */
export const namesByHand = (pairs: readonly Pair[]): Set<string> =>
  new Set(pairs.flatMap(({ base, candidate }) => (base !== null && candidate !== null ? [base] : [])))
