/** Shared pieces of nsys' rules about calls: which calls a rule is about, and how many rows it shows. */
import type { Trace } from '../../trace/trace.ts'
import { listed } from './report.ts'
import type { Cell, ReportRows } from './report.ts'

export const ROWS = {
  rows: { type: 'count', about: 'at most this many rows, the longest (−1: all)' },
} as const

/** At most `limit` rows, the longest first (the first cell is the duration). */
export function longest(rows: Cell[][], limit: number): ReportRows {
  rows.sort((a, b) => Number(b[0]) - Number(a[0]))
  return listed(limit < 0 ? rows : rows.slice(0, limit))
}

/** Whether a call's name matches. */
export function named(trace: Trace, pattern: RegExp, not?: RegExp): (call: number) => boolean {
  const { name } = trace.api_call
  const known = new Map<number, boolean>()
  return (call) => {
    let answer = known.get(name[call]!)
    if (answer === undefined) {
      const text = trace.strings[name[call]!]!
      known.set(name[call]!, (answer = pattern.test(text) && not?.test(text) !== true))
    }
    return answer
  }
}
