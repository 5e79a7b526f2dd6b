/** What a term of a difference is called where people read it; JSON and CSV of a program keep the identifiers. */

const VERDICTS: Readonly<Record<string, string>> = {
  regressed: 'more time, beyond noise',
  improved: 'less time, beyond noise',
  'not-detectable': 'not told apart from noise',
  'too-few-iterations': 'too few iterations',
}
export const verdictWords = (verdict: string): string => VERDICTS[verdict] ?? verdict

/** Of matched work that takes other time: which way it went. "added", "removed" and "idle" are words already. */
export const kindWords = (kind: string, ns: number): string =>
  kind !== 'faster-slower' ? kind : ns > 0 ? 'slower' : ns < 0 ? 'faster' : 'as long'
