/** What `diff` says on a terminal. */
import type { ResultTable } from '../analysis/analysis.ts'
import { kindWords, verdictWords } from '../draw/diff-words.ts'
import { ownerLabel } from '../draw/palette.ts'
import { formatNs } from '../trace/number-format.ts'
import {
  callsText,
  componentsTitle,
  gateText,
  headlineOf,
  notesOf,
  opsText,
  speedupText,
} from '../export/diff-report.ts'
import type { DiffReport } from '../export/diff-report.ts'
import { textTable } from './text-table.ts'

/** Terms that are listed; the rest stands as one line, so that the sum still holds. */
const LISTED = 20

export function diffText(report: DiffReport): string {
  const { diff } = report
  const parts = [headlineOf(report), ...notesOf(report), '']
  if (diff.comparable.differences.length > 0)
    parts.push(
      `What differs besides time (comparability ${diff.comparable.score}, 1 = nothing that matters)`,
      textTable({
        title: '',
        columns: [
          { key: 'what', title: 'Fact' },
          { key: 'base', title: 'Base' },
          { key: 'candidate', title: 'Candidate' },
        ],
        rows: diff.comparable.differences.map(({ what, base, candidate }) => ({ what, base, candidate })),
      }),
    )
  parts.push(componentsTitle(report), textTable(componentsOf(report)))
  parts.push(
    `Terms of the difference (base ${report.base}, candidate ${report.candidate})`,
    textTable(termsOf(report)),
  )
  for (const side of ['base', 'candidate'] as const) {
    const { ops, ns } = diff.unmatched[side]
    if (ops > 0) parts.push(`Only in the ${side}: ${ops} device ops, ${formatNs(ns)}`)
  }
  parts.push(...report.gates.map((gate) => `Gate ${gateText(gate)}`))
  const open = report.gates.filter(({ result }) => result === 'inconclusive').length
  if (open > 0)
    parts.push(
      `${open} of ${report.gates.length} gates not judged: no failure, but with --strict they are one.`,
    )
  return parts.join('\n')
}

const componentsOf = ({ components }: DiffReport): ResultTable => ({
  title: '',
  columns: [
    { key: 'component', title: 'Component' },
    { key: 'calls', title: 'Calls' },
    { key: 'ops', title: 'Device ops' },
    { key: 'baseNs', title: 'Before', unit: 'ns' },
    { key: 'candidateNs', title: 'After', unit: 'ns' },
    { key: 'speedup', title: 'Speedup' },
    { key: 'verdict', title: 'Verdict' },
  ],
  rows: components.map((one) => ({
    component: one.component,
    calls: callsText(one),
    ops: opsText(one),
    baseNs: one.baseNs,
    candidateNs: one.candidateNs,
    speedup: speedupText(one),
    verdict: verdictWords(one.verdict),
  })),
})

function termsOf({ diff }: DiffReport): ResultTable {
  const rest = diff.terms.slice(LISTED)
  const row = (
    phase: string,
    owner: string,
    kind: string,
    ns: number,
    ci: readonly [number, number] | null,
    verdict: string,
  ) => ({ phase, owner, kind, ns, low: ci?.[0] ?? null, high: ci?.[1] ?? null, verdict })
  const rows = diff.terms
    .slice(0, LISTED)
    .map(({ phase, owner, kind, ns, ciNs, verdict }) =>
      row(phase, ownerLabel(owner), kindWords(kind, ns), ns, ciNs, verdictWords(verdict)),
    )
  if (rest.length > 0)
    rows.push(
      row(
        `${rest.length} smaller terms`,
        '',
        '',
        rest.reduce((sum, term) => sum + term.ns, 0),
        null,
        '',
      ),
    )
  rows.push(row('sum', '', '', diff.deltaNs, diff.ciNs, verdictWords(diff.verdict)))
  return {
    title: '',
    columns: [
      { key: 'phase', title: 'Phase' },
      { key: 'owner', title: 'Owner' },
      { key: 'kind', title: 'Kind' },
      { key: 'ns', title: 'Difference', unit: 'ns' },
      { key: 'low', title: 'Low', unit: 'ns' },
      { key: 'high', title: 'High', unit: 'ns' },
      { key: 'verdict', title: 'Verdict' },
    ],
    rows,
  }
}
