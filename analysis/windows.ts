/**
 * The time that a question is asked of: the whole capture, an iteration, a phase, or any window.
 */
import { UserError } from '../trace/errors.ts'
import type { Trace } from '../trace/trace.ts'
import { ns } from '../trace/units.ts'
import { unionOf } from './busy.ts'
import type { Window } from './busy.ts'
import { captureWindow } from './capture-window.ts'
import { withDerivedPhases } from './derived-phases.ts'
import { iterationAt } from './iterations.ts'
import { phasesCalled, phaseTree } from './phase-tree.ts'
import { opsOfRange } from './projection.ts'

/** Parameters that choose a window; shared by every analysis that takes one. */
export const WINDOW_PARAMETERS = {
  iteration: { type: 'count', about: 'index of an iteration: its device span' },
  phase: {
    type: 'text',
    about: 'a phase by its path or the end of it: the union of its instances’ device spans',
  },
  from: { type: 'ns', about: 'start of a window on the run’s axis' },
  to: { type: 'ns', about: 'end of that window' },
} as const

export interface WindowChoice {
  iteration?: number
  phase?: string
  from?: number
  to?: number
}

/** The windows on one device, disjoint and ascending. Throws UserError('bad-request') for a choice that names nothing. */
export function windowsOn(trace: Trace, device: number, choice: WindowChoice): Window[] {
  checkOne(choice)
  if (choice.iteration !== undefined) return iterationWindow(trace, device, choice.iteration)
  if (choice.phase !== undefined) return phaseWindows(trace, device, choice.phase)
  const capture = captureWindow(trace)
  if (capture === undefined) return []
  const from = choice.from ?? capture[0]
  const to = choice.to ?? capture[1]
  if (to < from)
    throw new UserError('bad-request', `the window ends (${to} ns) before it starts (${from} ns)`)
  return unionOf([[ns(Math.max(from, capture[0])), ns(Math.min(to, capture[1]))]])
}

/** Throws UserError('bad-request') where several are chosen at once. */
export function checkOne({ iteration, phase, from, to }: WindowChoice): void {
  if ([iteration, phase, from ?? to].filter((one) => one !== undefined).length > 1)
    throw new UserError('bad-request', 'choose one of an iteration, a phase, or a window, not several')
}

function iterationWindow(trace: Trace, device: number, index: number): Window[] {
  const span = iterationAt(trace, index).spans.find((one) => one.device === device)
  return span === undefined ? [] : unionOf([[span.start, span.end]])
}

/**
 * A phase by its path, or by the end of it where only one ends so, and the trace that has it: with phases that no range names
 * where no recorded one is called so; ops are the same in both. Throws UserError('bad-request') that names some there are.
 */
export function phaseAt(recorded: Trace, name: string): { trace: Trace; phase: number } {
  const trace = phasesCalled(recorded, name).length > 0 ? recorded : withDerivedPhases(recorded)
  const { paths } = phaseTree(trace)
  const [phase, ...others] = phasesCalled(trace, name)
  if (others.length > 0)
    throw new UserError(
      'bad-request',
      `several phases end in "${name}": ${[phase!, ...others]
        .slice(0, 8)
        .map((one) => paths[one])
        .join(', ')}; name one by its whole path`,
    )
  if (phase === undefined || phase === 0)
    throw new UserError(
      'bad-request',
      `no phase "${name}"; ${paths.length > 1 ? `there are ${paths.slice(1, 9).join(', ')}` : 'this run has none'}`,
    )
  return { trace, phase }
}

function phaseWindows(recorded: Trace, device: number, path: string): Window[] {
  const { trace, phase } = phaseAt(recorded, path)
  const tree = phaseTree(trace)
  const spans: Window[] = []
  for (let row = 0; row < trace.range.length; row++) {
    if (tree.isInstance[row] === 0 || tree.phaseOfRange[row] !== phase) continue
    let start = Infinity
    let end = -Infinity
    for (const op of opsOfRange(trace, row)) {
      if (trace.device_op.device[op] !== device) continue
      start = Math.min(start, trace.device_op.start[op]!)
      end = Math.max(end, trace.device_op.start[op]! + trace.device_op.duration[op]!)
    }
    if (end > start) spans.push([ns(start), ns(end)])
  }
  return unionOf(spans)
}
