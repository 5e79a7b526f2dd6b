/**
 * Phases: the tree of range names. A phase's path is the names of its ranges from the top of the thread, "/" between.
 *
 *   VGGT_Aggregator              path "VGGT_Aggregator"
 *     Frame_Attention            path "VGGT_Aggregator/Frame_Attention"
 *     Frame_Attention            the same path: another instance
 *
 * Operators and Python frames (Kineto) and library calls are ranges too, but no phases: they hang under the phase around them.
 */
import { NONE } from '../trace/column.ts'
import { RangeStyle } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { derived } from './derived.ts'

/**
 * Categories that make a range of style "other" a phase; so does having none. "phase" is what the reader of runtime profiles writes;
 * operators, Python frames, libraries and inner sections have others.
 */
const PHASE_CATEGORIES = new Set(['user_annotation', 'phase'])

/**
 * Ranges nested deeper are no phases: they hang under the one at this level. No program nests so deep; a writer that never ends its
 * ranges does, and with 50 000 of them inside one another the paths alone would be gigabytes.
 */
export const MOST_LEVELS = 256

/** Where work goes that no range launched. */
export const OUTSIDE = 'outside ranges'

export interface PhaseTree {
  /** Path of each phase; index 0 is OUTSIDE. */
  paths: readonly string[]
  /** Index of the path around it; 0 for a path at the top. */
  parentOf: readonly number[]
  /** Path index of every range: its own if it is a phase, else that of the phase around it. */
  phaseOfRange: Uint32Array
  /** 1 where the range is itself a phase instance. */
  isInstance: Uint8Array
  /** Path index by path. */
  indexOf: ReadonlyMap<string, number>
}

export const phaseTree = derived((trace): PhaseTree => {
  const { range } = trace
  const paths = [OUTSIDE]
  const parentOf = [0]
  /** By path: how many phases are around it. */
  const levels = [-1]
  const indexOf = new Map([[OUTSIDE, 0]])
  const childOf = new Map<string, number>()
  const phaseOfRange = new Uint32Array(range.length)
  const isInstance = new Uint8Array(range.length)
  for (let row = 0; row < range.length; row++) {
    const parent = range.parent?.[row] ?? NONE
    const around = parent === NONE ? 0 : phaseOfRange[parent]!
    if (levels[around]! >= MOST_LEVELS - 1 || !isPhase(trace, row)) {
      phaseOfRange[row] = around
      continue
    }
    isInstance[row] = 1
    const name = rangeName(trace, row)
    const key = `${around}/${name}`
    let phase = childOf.get(key)
    if (phase === undefined) {
      const path = around === 0 ? name : `${paths[around]}/${name}`
      // Two trees may spell one path ("a/b" inside nothing, "b" inside "a"): they are one phase to whoever reads it.
      phase = indexOf.get(path)
      if (phase === undefined) {
        phase = paths.push(path) - 1
        parentOf.push(around)
        levels.push(levels[around]! + 1)
        indexOf.set(path, phase)
      }
      childOf.set(key, phase)
    }
    phaseOfRange[row] = phase
  }
  return { paths, parentOf, phaseOfRange, isInstance, indexOf }
})

/** Which of some paths a name means: the path itself, else every one that ends in it. */
export function pathsCalled(paths: readonly string[], name: string): number[] {
  const exact = paths.indexOf(name)
  if (exact >= 0) return [exact]
  return paths.flatMap((path, i) => (path.endsWith(`/${name}`) ? [i] : []))
}

/** The same of a run's phases, which may be many and are mostly asked for by their whole paths. */
export function phasesCalled(trace: Trace, name: string): number[] {
  const { paths, indexOf } = phaseTree(trace)
  const exact = indexOf.get(name)
  return exact === undefined ? pathsCalled(paths, name) : [exact]
}

function isPhase(trace: Trace, row: number): boolean {
  const { range, strings } = trace
  if (range.style[row] !== RangeStyle.other) return true
  const category = range.category?.[row] ?? NONE
  return category === NONE || PHASE_CATEGORIES.has(strings[category]!)
}

/** torch.profiler numbers its steps: ProfilerStep#1009, ProfilerStep#1010 … are repetitions of one range. */
const NUMBERED_STEP = /^(ProfilerStep)#\d+$/
/** torch.autograd.profiler.emit_nvtx numbers its operators: "aten::mul, seq = 46174, op_id = 993406". */
const NUMBERED_OPERATOR = /, (?:seq|op_id) = \d+(?=,|$)/g

/** A range's text without the number that tells one repetition from the next. */
export const withoutCounters = (text: string): string =>
  text.replace(NUMBERED_STEP, '$1').replace(NUMBERED_OPERATOR, '')

/** What a range is called: its domain before its name, where it has a named one; without the number of a repetition. */
export function rangeName(trace: Trace, row: number): string {
  const { range, strings } = trace
  const name = range.name?.[row] ?? NONE
  const domain = range.domain?.[row] ?? NONE
  const known = plainNames(trace)
  const text = name === NONE ? '(no name)' : (known[name] ??= withoutCounters(strings[name]!))
  return domain === NONE || strings[domain] === '' ? text : `${strings[domain]}:${text}`
}

/** By string, filled as they are asked for: names are few. */
const plainNames = derived((): string[] => [])

/** Path index of every device op: that of the innermost phase around its launch (or, without launches, its start). */
export const phaseOfOps = derived((trace): Uint32Array => {
  const { length, launch: launches, range: ownRange } = trace.device_op
  const rangeOfCall = trace.api_call.range
  const { phaseOfRange } = phaseTree(trace)
  const phases = new Uint32Array(length)
  for (let op = 0; op < length; op++) {
    const launch = launches?.[op] ?? NONE
    const range = launch !== NONE ? (rangeOfCall?.[launch] ?? NONE) : (ownRange?.[op] ?? NONE)
    phases[op] = range === NONE ? 0 : phaseOfRange[range]!
  }
  return phases
})
