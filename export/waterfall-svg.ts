/**
 * The waterfall as an SVG that needs nothing else: colours and hatches inside, no script, no font, no link.
 */
import { exactValue, formatSigned } from '../trace/number-format.ts'
import { kindWords } from '../draw/diff-words.ts'
import { busyColours, idleCauses, idleHatches, ownerLabel, ownerLook } from '../draw/palette.ts'
import { timeTicks } from '../draw/ticks.ts'
import { waterfall } from '../draw/waterfall.ts'
import type { Step, Term } from '../draw/waterfall.ts'
import { escaped } from './escaped.ts'

const ROW = 26
const TOP = 30
const LEFT = 330
const WIDTH = 1000
/** Room for a number on both ends of the axis. */
const PAD = 90

/** One row a term, the last row the whole difference. Terms past `limit` are one step. */
export function waterfallSvg(terms: readonly Term[], deltaNs: number, limit = 14): string {
  const steps = waterfall(terms, limit)
  const ends = [0, deltaNs, ...steps.map((step) => step.toNs)]
  const low = Math.min(...ends)
  const high = Math.max(...ends)
  const scale = (WIDTH - LEFT - 2 * PAD) / (high - low || 1)
  const x = (ns: number): number => Math.round((LEFT + PAD + (ns - low) * scale) * 100) / 100
  const height = TOP + (steps.length + 1) * ROW + 8
  const rows = [
    ...steps.map((step, i) => stepRow(step, TOP + i * ROW, x)),
    bar('Difference', deltaNs, [0, deltaNs], TOP + steps.length * ROW, x, 'var(--ink)', 'total'),
  ]
  const title = `What the difference of ${formatSigned(deltaNs, 'ns')} is made of; left is gained, right is lost`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title><defs>${idleCauses.map(pattern).join('')}</defs>`,
    ...axis(low, high, height, x),
    ...rows,
    '</svg>',
  ].join('\n')
}

function axis(low: number, high: number, height: number, x: (ns: number) => number): string[] {
  const ticks = [
    ...timeTicks(0, -low, 3).map(({ at, label }) => ({ at: -at, label: at === 0 ? label : `−${label}` })),
    ...timeTicks(0, high, 3).map(({ at, label }) => ({ at, label: at === 0 ? label : `+${label}` })),
  ]
  return ticks.map(
    ({ at, label }) =>
      `<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${TOP - 6}" y2="${height - 4}"/><text class="tick" x="${x(at)}" y="${TOP - 12}" text-anchor="middle">${label}</text>`,
  )
}

function stepRow(step: Step, y: number, x: (ns: number) => number): string {
  const { term } = step
  if (term === undefined)
    return bar(`${step.terms} smaller terms`, step.ns, [step.fromNs, step.toNs], y, x, 'var(--ink-3)', 'rest')
  const look = ownerLook(term.owner)
  const fill = look.kind === 'busy' ? `var(--${look.name})` : `url(#hatch-${look.name})`
  const name = [
    term.phase.split('/').at(-1),
    ownerLabel(term.owner),
    term.kind === 'idle' ? '' : kindWords(term.kind, term.ns),
  ]
    .filter(Boolean)
    .join(' · ')
  return bar(name, step.ns, [step.fromNs, step.toNs], y, x, fill, look.kind, term.phase)
}

function bar(
  name: string,
  ns: number,
  [from, to]: [number, number],
  y: number,
  x: (ns: number) => number,
  fill: string,
  kind: string,
  phase = '',
): string {
  const [a, b] = [x(from), x(to)]
  const label =
    ns < 0 ? `x="${Math.min(a, b) - 6}" text-anchor="end"` : `x="${Math.max(a, b) + 6}" text-anchor="start"`
  const about = `${phase === '' ? '' : `${phase}: `}${name} ${exactValue(ns, 'ns')}`
  const shape = `<rect class="${kind}" x="${Math.min(a, b)}" y="${y + 4}" width="${Math.max(1, Math.abs(b - a))}" height="${ROW - 8}" fill="${fill}"/>`
  const shown = name.length > 44 ? `…${name.slice(-43)}` : name
  return `<g><title>${escaped(about)}</title><rect class="row" x="0" y="${y}" width="${WIDTH}" height="${ROW}"/><text x="0" y="${y + 17}">${escaped(shown)}</text>${shape}<text class="number" y="${y + 17}" ${label}>${formatSigned(ns, 'ns')}</text></g>`
}

function pattern(cause: (typeof idleCauses)[number]): string {
  const { angle, gap, width, dash, crossed } = idleHatches[cause]
  const side = dash ? dash[0] + dash[1] : gap
  const across = crossed ? `<line x1="${side / 2}" y1="0" x2="${side / 2}" y2="${gap}"/>` : ''
  return `<pattern id="hatch-${cause}" patternUnits="userSpaceOnUse" width="${side}" height="${gap}" patternTransform="rotate(${angle === 135 ? 45 : -angle})"><g stroke="var(--${cause})" stroke-width="${width}"><line x1="0" y1="${gap / 2}" x2="${side}" y2="${gap / 2}" stroke-dasharray="${dash?.join(' ') ?? 'none'}"/>${across}</g></pattern>`
}

/** The colours that the drawing names, for both themes. */
export const waterfallColours = [
  ...Object.entries(busyColours).map(([name, { light, dark }]) => `--${name}:light-dark(${light},${dark})`),
  ...Object.entries(idleHatches).map(
    ([name, { stroke }]) => `--${name}:light-dark(${stroke.light},${stroke.dark})`,
  ),
].join(';')
