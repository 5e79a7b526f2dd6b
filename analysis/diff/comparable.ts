/**
 * Are two runs the same experiment? Compared before any number; what differs is listed first, and what matters lowers the
 * score: 1 is nothing that matters, under 0.5 the headline is withheld.
 */
import { NONE } from '../../trace/column.ts'
import { formatBytes } from '../../trace/number-format.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import { isRecorded } from '../../trace/trace.ts'
import type { Trace } from '../../trace/trace.ts'
import { attentionGrids, dtypeIn } from '../attention-grids.ts'
import { graphModeOf } from '../graph-mode.ts'
import { iterationsOf } from '../iterations.ts'
import { phaseTree } from '../phase-tree.ts'
import type { Side } from './side.ts'

export interface Difference {
  what: string
  base: string
  candidate: string
  /** How much it takes from the score, 0 to 1. */
  weight: number
}

export interface Comparable {
  score: number
  comparable: boolean
  differences: Difference[]
  /** What neither trace tells, and so was not compared. */
  unknown: string[]
}

/** What a run is a run of, in words; undefined where the trace does not tell. */
type Identity = Record<keyof typeof WEIGHTS, string | undefined>

/** What a difference takes from the score. Frames, resolution and GPU each make another experiment. */
const WEIGHTS = {
  GPU: 0.55,
  frames: 0.6,
  'tokens a frame': 0.55,
  model: 0.6,
  size: 0.55,
  backend: 0.3,
  dtype: 0.3,
  'heads present': 0.25,
  'graph mode': 0.25,
  'iteration range': 0.2,
  'trace format': 0.2,
  'traced tables': 0.1,
  'warm-up in the capture': 0.05,
  'driver version': 0.05,
  'tool version': 0.05,
} as const

export function comparable(base: Side, candidate: Side): Comparable {
  const a = identityOf(base)
  const b = identityOf(candidate)
  const differences: Difference[] = []
  const unknown: string[] = []
  for (const what of Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]) {
    if (a[what] === undefined && b[what] === undefined) unknown.push(what)
    else if (a[what] !== b[what]) {
      const [base, candidate] = notations(what, a[what], b[what])
      // One side not telling is a doubt, not a difference; so is what stands in two notations.
      const isDoubt =
        base === undefined || candidate === undefined || base !== a[what] || candidate !== b[what]
      const weight = isDoubt ? WEIGHTS[what] / 4 : WEIGHTS[what]
      differences.push({ what, base: base ?? 'unknown', candidate: candidate ?? 'unknown', weight })
    }
  }
  const score = Math.max(
    0,
    differences.reduce((left, one) => left - one.weight, 1),
  )
  differences.sort((x, y) => y.weight - x.weight)
  return { score: Math.round(score * 100) / 100, comparable: score >= 0.5, differences, unknown }
}

/**
 * Two driver versions as they stand in the files; one of digits alone beside one with dots is said to be another notation.
 * Which digits are which part is not documented ("5154304", "58160"), so that the two cannot be compared.
 */
function notations(
  what: keyof typeof WEIGHTS,
  base: string | undefined,
  candidate: string | undefined,
): [string | undefined, string | undefined] {
  if (what !== 'driver version' || base === undefined || candidate === undefined) return [base, candidate]
  const isDigits = (text: string): boolean => /^\d+$/.test(text)
  if (isDigits(base) === isDigits(candidate)) return [base, candidate]
  const named = (text: string): string =>
    isDigits(text) ? `${text} (in another notation: digits without dots, not compared)` : text
  return [named(base), named(candidate)]
}

function identityOf(side: Side): Identity {
  const { trace } = side
  const { facts, format } = trace.meta
  const grids = attentionGrids(trace)
  const iterations = iterationsOf(trace)
  const told = (key: string): string | undefined =>
    facts.run?.[key] === undefined ? undefined : String(facts.run[key])
  return {
    GPU: hardwareOf(side),
    frames: told('frames') ?? (grids && String(grids.frames)),
    'tokens a frame': grids && grids.tokens.join('–'),
    model: told('model'),
    size: told('height') && told('width') && `${told('height')}×${told('width')}`,
    backend: told('backend'),
    dtype: told('dtype') ?? dtypeOf(trace),
    'heads present': headsOf(trace),
    'graph mode': graphModeOf(trace),
    'iteration range': iterations.name,
    'trace format': format,
    'traced tables': (['api_call', 'range', 'os_call', 'memory_event', 'counter_sample'] as const)
      .filter((name) => isRecorded(trace, name))
      .join(', '),
    'warm-up in the capture':
      iterations.all.length === 0 ? undefined : iterations.warmUp.length > 0 ? 'yes' : 'no',
    'driver version': facts.driverVersion,
    'tool version': facts.toolVersion ?? facts.exportVersion,
  }
}

/**
 * The device's hardware: its name, else what is told of it. Its number is none of that: the same work on GPU 0 and on GPU 1
 * of one machine is one experiment.
 */
function hardwareOf({ trace: { device: devices, strings }, device }: Side): string | undefined {
  const name = devices.name?.[device] ?? NONE
  if (name !== NONE) return strings[name]!
  const told = (value: number | undefined, none: number, text: (value: number) => string): string[] =>
    value === undefined || value === none || Number.isNaN(value) ? [] : [text(value)]
  const facts = [
    ...told(devices.smCount?.[device], NONE, (count) => `${count} SMs`),
    ...told(devices.totalMemory?.[device], NaN, formatBytes),
  ]
  return facts.length === 0 ? undefined : `unnamed, ${facts.join(', ')}`
}

/** The element type in which most attention (else most matrix products) ran, by their kernels' names. */
function dtypeOf(trace: Trace): string | undefined {
  const { device_op: ops, strings } = trace
  const time = new Map<string, number>()
  const byName = new Map<number, string | undefined>()
  for (let op = 0; op < ops.length; op++) {
    if (ops.kind[op] !== DeviceOpKind.kernel) continue
    const name = ops.name[op]!
    if (!byName.has(name))
      byName.set(name, /flash|fmha|gemm/i.test(strings[name]!) ? dtypeIn(strings[name]!) : undefined)
    const dtype = byName.get(name)
    if (dtype !== undefined) time.set(dtype, (time.get(dtype) ?? 0) + ops.duration[op]!)
  }
  return [...time].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** Phases that are heads of the model; undefined where no phase is called one. */
function headsOf(trace: Trace): string | undefined {
  const heads = new Set(
    phaseTree(trace)
      .paths.map((path) => path.split('/').at(-1)!)
      .filter((name) => /(^|_)(camera|depth|point|track)_?head/i.test(name)),
  )
  return heads.size === 0 ? undefined : [...heads].sort().join(', ')
}
