/** Two runs as Markdown: for a pull request, or a README. */
import { formatNs, formatSigned } from '../trace/number-format.ts'
import { kindWords, verdictWords } from '../draw/diff-words.ts'
import { ownerLabel } from '../draw/palette.ts'
import {
  callsText,
  componentsTitle,
  gateText,
  headlineOf,
  intervalText,
  notesOf,
  opsText,
  speedupText,
} from './diff-report.ts'
import type { DiffReport } from './diff-report.ts'

/** Terms that are listed one by one; the rest is one line, so that the sum still holds. */
const LISTED = 15

export function diffMarkdown(report: DiffReport): string {
  const { diff, gates } = report
  const lines = [
    `## ${cell(report.candidate)} against ${cell(report.base)}`,
    '',
    `**${cell(headlineOf(report))}**`,
    '',
  ]
  if (diff.comparable.differences.length > 0)
    lines.push(
      `What differs besides time (comparability ${diff.comparable.score}):`,
      '',
      ...table(
        ['fact', 'base', 'candidate'],
        diff.comparable.differences.map((one) => [one.what, one.base, one.candidate]),
        0,
      ),
    )
  if (gates.length > 0)
    lines.push(...gates.map((gate) => `- ${MARK[gate.result]} ${cell(gateText(gate))}`), '')
  for (const note of notesOf(report)) lines.push(cell(note), '')
  lines.push(`### ${componentsTitle(report)}`, '', ...componentTable(report))
  lines.push(`### What the ${formatSigned(diff.deltaNs, 'ns')} are made of`, '', ...termTable(report))
  lines.push(...unmatchedLines(report))
  return `${lines.join('\n').trimEnd()}\n`
}

const MARK = { passed: '✅', failed: '❌', inconclusive: '❔' } as const

export function componentTable({ components }: Pick<DiffReport, 'components'>): string[] {
  return table(
    ['component', 'calls', 'device ops', 'before', 'after', 'speedup', 'change', 'verdict'],
    components.map((one) => [
      one.component,
      callsText(one),
      opsText(one),
      one.baseNs === null ? '—' : formatNs(one.baseNs),
      one.candidateNs === null ? '—' : formatNs(one.candidateNs),
      speedupText(one),
      formatSigned((one.candidateNs ?? 0) - (one.baseNs ?? 0), 'ns'),
      verdictWords(one.verdict),
    ]),
    1,
  )
}

function termTable({ diff }: DiffReport): string[] {
  const rest = diff.terms.slice(LISTED)
  const rows = diff.terms
    .slice(0, LISTED)
    .map((term) => [
      term.phase,
      ownerLabel(term.owner),
      kindWords(term.kind, term.ns),
      formatSigned(term.ns, 'ns'),
      intervalText(term.ciNs),
      verdictWords(term.verdict),
    ])
  if (rest.length > 0)
    rows.push([
      `${rest.length} smaller terms`,
      '',
      '',
      formatSigned(
        rest.reduce((sum, term) => sum + term.ns, 0),
        'ns',
      ),
      '',
      '',
    ])
  rows.push([
    '**sum**',
    '',
    '',
    `**${formatSigned(diff.deltaNs, 'ns')}**`,
    intervalText(diff.ciNs),
    verdictWords(diff.verdict),
  ])
  return table(['phase', 'owner', 'kind', 'difference', '95 % interval', 'verdict'], rows, 3)
}

function unmatchedLines({ diff }: DiffReport): string[] {
  const lines: string[] = []
  for (const [name, side] of [
    ['base', diff.unmatched.base],
    ['candidate', diff.unmatched.candidate],
  ] as const)
    if (side.ops > 0) lines.push(`Only in the ${name}: ${side.ops} device ops, ${formatNs(side.ns)}.`)
  if (diff.renamed.length > 0)
    lines.push(
      `Taken for renamed: ${diff.renamed.map((one) => `${cell(one.base)} → ${cell(one.candidate)}`).join(', ')}.`,
    )
  return lines
}

/** A table; columns from `numbers` on are right-aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[], numbers: number): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [
    line(head),
    `|${head.map((_, i) => (numbers > 0 && i >= numbers ? '---:|' : '---|')).join('')}`,
    ...rows.map(line),
    '',
  ]
}

/** Names from a capture stay text: no markup, no line break, no end of the cell. */
const cell = (text: string): string =>
  text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
