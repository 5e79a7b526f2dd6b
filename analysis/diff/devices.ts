/** Which devices a run worked on. A diff explains one of them: a waterfall of several would add times that ran side by side. */
import { UserError } from '../../trace/errors.ts'
import type { Trace } from '../../trace/trace.ts'
import { busiest } from '../device-work.ts'
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

/** The row of the device with this number; the busiest where none is asked for. Throws UserError('bad-request') for none. */
export function deviceRow(trace: Trace, id: number | undefined): number {
  if (id === undefined) return busiest(trace) ?? 0
  const there = devicesOf(trace)
  if (there.some((one) => one.id === id)) return trace.device.id.indexOf(id)
  const list = there.map((one) => `${one.id} (${one.name})`).join(', ')
  throw new UserError(
    'bad-request',
    there.length === 0 ? 'no device worked in this run' : `no device ${id} worked; there are ${list}`,
  )
}
