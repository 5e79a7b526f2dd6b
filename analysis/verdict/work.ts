/** Where the busy time is: by phase, against the device's peak, by kernel, by class. */
import { formatNs, formatShare } from '../../trace/number-format.ts'
import { several } from '../several.ts'
import type { Trace } from '../../trace/trace.ts'
import { attentionGrids } from '../attention-grids.ts'
import { derived } from '../derived.ts'
import { iterationsOf } from '../iterations.ts'
import { rowsByName } from '../kernels.ts'
import { OUTSIDE, phaseTree } from '../phase-tree.ts'
import { roofline } from '../roofline.ts'
import { hasKernels } from './held.ts'
import { phaseName, said, saidOf, stretchOf } from './stretch.ts'
import type { Sentence } from './stretch.ts'

/** Owned time of the phase that has the most, phases inside it not counted; work outside ranges competes. */
const largest = derived((trace): { phase: string; ns: number } | undefined => {
  const byPhase = new Map<string, number>()
  for (const { phase, owner, ns } of stretchOf(trace)?.ledger.phases ?? [])
    if (owner.startsWith('busy/')) byPhase.set(phase, (byPhase.get(phase) ?? 0) + ns)
  const [first] = [...byPhase].sort((a, b) => b[1] - a[1])
  if (first === undefined || phaseTree(trace).paths.length === 1) return undefined
  // One phase that holds all the work says nothing of where it is.
  if (byPhase.size === 1 && first[0] !== OUTSIDE) return undefined
  return { phase: first[0], ns: first[1] }
})

/** Less of the work than this is no phase's to be named for. */
const PHASE_SHARE = 0.1

export function largestPhase(trace: Trace): Sentence[] {
  const stretch = stretchOf(trace)
  const found = largest(trace)
  if (stretch === undefined || found === undefined || found.ns < PHASE_SHARE * stretch.busyNs) return []
  const [part, whole] = [formatNs(found.ns), formatNs(stretch.busyNs)]
  const share = formatShare(found.ns, stretch.busyNs)
  const text =
    found.phase === OUTSIDE
      ? `${found.ns === stretch.busyNs ? `All ${whole}` : `${part} of ${whole}, ${share},`} of device work were launched outside all ranges: no phase can be told for them.`
      : `${phaseName(found.phase)} takes the most device time${isLeaf(trace, found.phase) ? '' : ', phases inside it not counted'}: ${part} of ${whole} of work, ${share}.`
  return [saidOf(trace, stretch.choice, text, 'ledger')]
}

const isLeaf = (trace: Trace, phase: string): boolean =>
  !phaseTree(trace).paths.some((path) => path.startsWith(`${phase}/`))

/** The roofline's phases include what is inside them, so it speaks of the same work only where nothing is. */
export function peakOfPhase(trace: Trace): Sentence[] {
  const phase = largest(trace)?.phase
  if (phase === undefined || phase === OUTSIDE || !isLeaf(trace, phase)) return []
  if (attentionGrids(trace) === undefined) return []
  const row = roofline.compute(trace, {}).phases.find(({ path }) => path === phase)
  if (row?.ofPeak == null) return []
  const share = formatShare(row.ofPeak, 1)
  const text = row.impossible
    ? `${phaseName(phase)} would run at ${share} of the device’s peak matrix rate, which is impossible: ${row.why}.`
    : `${phaseName(phase)} runs at ${share} of the device’s peak matrix rate.`
  return [said(text, 'roofline')]
}

/** The kernel, graph or node type with the most time in the capture. */
export function largestKernel(trace: Trace): Sentence[] {
  const rows = rowsByName(trace)
  const top = rows.find(({ kind }) => kind === 'kernel' || kind === 'graph' || kind === 'node')
  if (top === undefined || top.totalNs === 0) return []
  const all = rows.reduce((sum, { totalNs }) => sum + totalNs, 0)
  const share = formatShare(top.totalNs, all)
  return [
    said(
      `The ${WORDS[top.kind!] ?? 'kernel'} with the most time is ${plainName(top.name)} (${top.class}): ${formatNs(top.totalNs)} in ${several(top.count, 'run')}${overAll(trace)}, ${share} of all ops’ time.`,
      'kernels',
    ),
  ]
}

const WORDS: Partial<Record<string, string>> = { graph: 'graph', node: 'operator' }

export const overAll = (trace: Trace): string =>
  iterationsOf(trace).all.length > 0 ? ' over the capture' : ''

/** What the work is, by class. */
export function classesOfWork(trace: Trace): Sentence[] {
  const stretch = stretchOf(trace)
  const classes = stretch?.ledger.owners
    .filter((one) => one.owner.startsWith('busy/') && one.ns > 0)
    .toSorted((a, b) => b.ns - a.ns)
    .map((one) => `${one.owner.slice('busy/'.length)} (${formatNs(one.ns)})`)
  // Without kernels it is said of the copies already.
  if (stretch === undefined || classes === undefined || !hasKernels(trace)) return []
  const named = classes.slice(0, 3)
  const list = named.length === 1 ? named[0]! : `${named.slice(0, -1).join(', ')} and ${named.at(-1)!}`
  const text = `${classes.length === 1 ? 'All of the work is' : classes.length > 3 ? 'The work is mostly' : 'The work is'} ${list}.`
  return [saidOf(trace, stretch.choice, text, 'ledger')]
}

const LONGEST_NAME = 60

/** Without return type, template arguments and parameters. */
function plainName(name: string): string {
  let plain = ''
  let depth = 0
  for (const letter of name
    .replace(/^void /, '')
    .replaceAll('<unnamed>::', '')
    .replaceAll('(anonymous namespace)::', '')) {
    if (letter === '<') depth++
    else if (letter === '>') depth = Math.max(0, depth - 1)
    else if (depth === 0) plain += letter
  }
  const short = plain.replace(/\(.*$/s, '').trim() || name
  return short.length <= LONGEST_NAME ? short : `${short.slice(0, LONGEST_NAME - 1)}…`
}
