/** Which devices a run worked on. A diff explains one of them: a waterfall of several would add times that ran side by side. */
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'
import { busiest, deviceWork } from '../device-work.ts'
import { deviceName } from '../ledger.ts'

export interface DeviceWork {
  /** Its row in the run's devices. */
  device: number
  /** The machine's own number of the device. */
  id: number
  name: string
  ops: number
  /** Σ of the durations of its ops in the capture. */
  sumNs: number
}

/** The devices that did anything, in the order of the run. */
export function devicesOf(trace: Trace): DeviceWork[] {
  const devices = Array.from({ length: trace.device.length }, (_, device): DeviceWork => ({
    device,
    id: trace.device.id[device]!,
    name: deviceName(trace, device),
    ops: 0,
    sumNs: 0,
  }))
  const { device, duration, length } = trace.device_op
  for (let op = 0; op < length; op++) {
    const one = devices[device[op]!]!
    one.ops++
    one.sumNs += duration[op]!
  }
  return devices.filter(({ ops }) => ops > 0)
}

/** Which device of a run is explained. */
export interface DeviceChoice {
  /** The number that was asked for: it must have worked. */
  readonly asked?: number | undefined
  /** The number to hold it against: taken where it worked here as well. */
  readonly like?: number | undefined
}

/**
 * The row of the device that is asked for; else of the one with the same number as `like`, where that worked; else of the
 * busiest. Throws UserError('bad-request') where the one that is asked for did not work.
 *
 *   base       GPU 0 51 %, GPU 1 49 %   → GPU 0, its busiest
 *   candidate  GPU 0 49 %, GPU 1 51 %   → GPU 0 as well: its busiest would be another process's work
 */
export function deviceRow(trace: Trace, { asked: id, like }: DeviceChoice): number {
  if (id === undefined) {
    const same = like === undefined ? -1 : trace.device.id.indexOf(like)
    return same >= 0 && deviceWork(trace).totalNs[same]! > 0 ? same : (busiest(trace) ?? 0)
  }
  const there = devicesOf(trace)
  if (there.some((one) => one.id === id)) return trace.device.id.indexOf(id)
  const list = there.map((one) => `${one.id} (${one.name})`).join(', ')
  throw new UserError(
    'bad-request',
    there.length === 0 ? 'no device worked in this run' : `no device ${id} worked; there are ${list}`,
  )
}
