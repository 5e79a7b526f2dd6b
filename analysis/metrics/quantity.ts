/**
 * The names of what gates and claims ask about:
 *
 *   latency                      wall of an iteration on the busiest device
 *   idle · busy                  time of that wall in which the device worked or did not
 *   phase[P].busy · span · sum   device time of a phase; P is a path, or the end of one
 *   phase[P].cpu                 time of its ranges on the CPU
 *   launch.count · launch.cost   launch calls, and their time without back-pressure and overhead; launch.raw has it all
 *   kernels.count                kernels (or a runtime's nodes)
 *   memory.peak                  most bytes allocated on the device
 *   gpu.utilisation              busy / wall, in per cent
 */
import { UserError } from '../../trace/errors.ts'

export type PhaseTime = 'busy' | 'span' | 'sum' | 'cpu'
export type Quantity =
  | { name: 'phase'; phase: string; time: PhaseTime; text: string }
  | {
      name:
        | 'latency'
        | 'idle'
        | 'busy'
        | 'launch.count'
        | 'launch.cost'
        | 'launch.raw'
        | 'kernels.count'
        | 'memory.peak'
        | 'gpu.utilisation'
      text: string
    }
export type Unit = 'ns' | 'count' | 'bytes' | 'percent'

/** What each is measured in, and how. */
export const QUANTITIES = {
  latency: {
    unit: 'ns',
    definition: 'device span of an iteration, first start to last end, on the busiest device',
  },
  idle: { unit: 'ns', definition: 'time inside that span in which the device ran nothing' },
  busy: { unit: 'ns', definition: 'time inside that span in which the device ran anything' },
  'launch.count': {
    unit: 'count',
    definition: 'API calls of an iteration that launched a kernel or a graph',
  },
  'launch.cost': {
    unit: 'ns',
    definition: 'Σ of those calls’ durations without back-pressure, loading and profiler overhead',
  },
  'launch.raw': { unit: 'ns', definition: 'Σ of those calls’ durations, back-pressure included' },
  'kernels.count': { unit: 'count', definition: 'kernels (or nodes) of an iteration' },
  'memory.peak': {
    unit: 'bytes',
    definition: 'most bytes allocated on the device at once, by allocation events',
  },
  'gpu.utilisation': { unit: 'percent', definition: 'busy / latency of an iteration' },
} as const satisfies Record<string, { unit: Unit; definition: string }>

const PHASE_TIMES: Record<PhaseTime, string> = {
  busy: 'length of the union of the phase’s device intervals in an iteration',
  span: 'Σ over the phase’s instances in an iteration of first start to last end on the device',
  sum: 'Σ of the durations of the phase’s device ops in an iteration',
  cpu: 'Σ of the phase’s ranges on the CPU in an iteration, waits for other phases’ work included',
}

const OTHER_NAMES: Readonly<Record<string, keyof typeof QUANTITIES>> = {
  launches: 'launch.count',
  kernels: 'kernels.count',
  'gpu.utilization': 'gpu.utilisation',
}

/** A quantity by its name. Throws UserError('bad-request') that lists those there are. */
export function quantityOf(text: string): Quantity {
  const phase = /^phase\[(.+)\](?:\.(\w+))?$/.exec(text)
  if (phase !== null) {
    const time = phase[2] ?? 'busy'
    if (time in PHASE_TIMES) return { name: 'phase', phase: phase[1]!, time: time as PhaseTime, text }
  }
  const name = Object.hasOwn(OTHER_NAMES, text) ? OTHER_NAMES[text]! : text
  if (Object.hasOwn(QUANTITIES, name)) return { name: name as keyof typeof QUANTITIES, text }
  throw new UserError(
    'bad-request',
    `"${text}" is no metric; there are ${Object.keys(QUANTITIES).join(', ')} and phase[NAME].busy, .span, .sum, .cpu`,
  )
}

export const unitOf = (quantity: Quantity): Unit =>
  quantity.name === 'phase' ? 'ns' : QUANTITIES[quantity.name].unit

export const definitionOf = (quantity: Quantity): string =>
  quantity.name === 'phase' ? PHASE_TIMES[quantity.time] : QUANTITIES[quantity.name].definition
