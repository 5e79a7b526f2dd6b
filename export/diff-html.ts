/**
 * Two runs as one HTML file that opens anywhere, offline: drawings inside as SVG, no script, nothing fetched. A reader's
 * browser is told so by a policy in the file.
 */
import { exactValue, formatNs, formatSigned } from '../trace/number-format.ts'
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
import { escaped } from './escaped.ts'
import { waterfallColours, waterfallSvg } from './waterfall-svg.ts'

const STYLE = `:root{color-scheme:light dark;--ground:light-dark(#f5f5f2,#0e1013);--ink:light-dark(#17191c,#e8eaed);--ink-3:light-dark(#676c72,#888f98);--rule:light-dark(#dededa,#282d33);--bad:light-dark(#a8301f,#f0917c);${waterfallColours}}
body{margin:0 auto;max-width:70rem;padding:2rem 1.5rem 4rem;background:var(--ground);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
h1{font-size:1.25rem}h2{margin-top:2.5rem;font-size:1rem}.headline{font-size:1.1rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.2rem 1rem .2rem 0;border-bottom:1px solid var(--rule);text-align:left;overflow-wrap:anywhere}
th{color:var(--ink-3);font-weight:400}.n{text-align:right;white-space:nowrap}.failed{color:var(--bad)}tfoot td{font-weight:600}
svg{width:100%;height:auto;font-size:13px;fill:var(--ink)}svg .row{fill:transparent}svg .row:hover,g:hover>.row{fill:light-dark(#17191c0d,#ffffff12)}svg .grid{stroke:var(--rule)}svg .tick{fill:var(--ink-3);font-size:11px}svg .idle{stroke:var(--ink-3);stroke-width:.5}.wide{overflow-x:auto}`

export function diffHtml(report: DiffReport): string {
  const { diff, base, candidate } = report
  const title = `${candidate} against ${base}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
<p class="headline">${escaped(headlineOf(report))}</p>
${notesOf(report)
  .map((note) => `<p>${escaped(note)}</p>`)
  .join('')}${differences(report)}${gates(report)}
<h2>What the ${formatSigned(diff.deltaNs, 'ns')} are made of</h2>
<div class="wide">${waterfallSvg(diff.terms, diff.deltaNs)}</div>
<details><summary>The same as a table (${diff.terms.length} terms)</summary><div class="wide">${terms(report)}</div></details>
<h2>${escaped(componentsTitle(report))}</h2>
<div class="wide">${componentsTable(report)}</div>
<h2>What only one side has</h2>
<div class="wide">${unmatched(report)}</div>
</body></html>
`
}

type Cell = string | { text: string; title?: string }

function tableOf(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  numbers: number,
  foot?: readonly Cell[],
): string {
  const line = (cells: readonly Cell[]): string =>
    `<tr>${cells
      .map((cell, i) => {
        const { text, title } = typeof cell === 'string' ? { text: cell, title: undefined } : cell
        return `<td${i >= numbers ? ' class="n"' : ''}${title === undefined ? '' : ` title="${escaped(title)}"`}>${escaped(text)}</td>`
      })
      .join('')}</tr>`
  const end = foot === undefined ? '' : `<tfoot>${line(foot)}</tfoot>`
  const heads = head.map(
    (text, i) => `<th scope="col"${i >= numbers ? ' class="n"' : ''}>${escaped(text)}</th>`,
  )
  return `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.map(line).join('\n')}</tbody>${end}</table>`
}

const time = (ns: number | null): Cell =>
  ns === null ? '—' : { text: formatNs(ns), title: exactValue(ns, 'ns') }
const change = (ns: number): Cell => ({ text: formatSigned(ns, 'ns'), title: exactValue(ns, 'ns') })

function differences({ diff }: DiffReport): string {
  const { differences: list, score } = diff.comparable
  if (list.length === 0) return `<p>The captures differ in no recorded fact (comparability ${score}).</p>`
  return `<h2>What differs besides time (comparability ${score})</h2>${tableOf(
    ['Fact', 'Base', 'Candidate'],
    list.map((one) => [one.what, one.base, one.candidate]),
    3,
  )}`
}

function gates({ gates: list }: DiffReport): string {
  if (list.length === 0) return ''
  return `<h2>Gates</h2><ul>${list.map((gate) => `<li class="${gate.result}">${escaped(gateText(gate))}</li>`).join('')}</ul>`
}

const terms = ({ diff }: DiffReport): string =>
  tableOf(
    ['Phase', 'Owner', 'Kind', 'Verdict', 'Difference', '95 % interval'],
    diff.terms.map((term) => [
      term.phase,
      ownerLabel(term.owner),
      kindWords(term.kind, term.ns),
      verdictWords(term.verdict),
      change(term.ns),
      intervalText(term.ciNs),
    ]),
    4,
    ['Sum', '', '', verdictWords(diff.verdict), change(diff.deltaNs), intervalText(diff.ciNs)],
  )

const componentsTable = ({ components }: DiffReport): string =>
  tableOf(
    ['Component', 'Verdict', 'Calls', 'Device ops', 'Before', 'After', 'Speedup', 'Change'],
    components.map((one) => [
      one.component,
      verdictWords(one.verdict),
      callsText(one),
      opsText(one),
      time(one.baseNs),
      time(one.candidateNs),
      speedupText(one),
      change((one.candidateNs ?? 0) - (one.baseNs ?? 0)),
    ]),
    2,
  )

function unmatched({ diff }: DiffReport): string {
  const rows = (['base', 'candidate'] as const).flatMap((side) =>
    diff.unmatched[side].kernels
      .slice(0, 40)
      .map((one): Cell[] => [
        side,
        one.phase,
        { text: one.name.slice(0, 90), title: one.name },
        one.class,
        String(one.ops),
        time(one.ns),
      ]),
  )
  return rows.length === 0
    ? '<p>Nothing: every device op has a match.</p>'
    : tableOf(['Side', 'Phase', 'Name', 'Class', 'Ops', 'Time'], rows, 4)
}
