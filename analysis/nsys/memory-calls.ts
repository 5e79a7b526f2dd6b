/** Copies and sets with the calls that made them, for nsys' rules about memory. */
import { NONE } from '../../trace/column.ts'
import type { Trace } from '../../trace/trace.ts'
import { nameText } from './names.ts'
import { integers, texts, thousandths } from './report.ts'
import type { Cell } from './report.ts'
import { sourceTimes } from './source-time.ts'
import { deviceOfOp, processOfOp } from './work-rows.ts'

const BYTES_PER_MB = 1e6

/**
 * Device ops with every call of that correlation id whose name fits, in whatever process: nsys joins these rules on the id
 * alone, so where processes count alike an op stands on several rows.
 */
export function opsOfCalls(
  trace: Trace,
  ops: Uint32Array,
  fits: (call: number) => boolean,
  cells: (op: number) => Cell[],
): Cell[][] {
  const { api_call: api, device_op, stream, process } = trace
  const byId = new Map<number, number[]>()
  for (let call = 0; call < api.length; call++) {
    const id = api.correlation?.[call] ?? NONE
    if (id === NONE || !fits(call)) continue
    const known = byId.get(id)
    if (known === undefined) byId.set(id, [call])
    else known.push(call)
  }
  const time = sourceTimes(trace)
  const rows: Cell[][] = []
  for (const op of ops) {
    const lane = device_op.stream[op]!
    const green = stream.greenContext?.[lane] ?? NONE
    for (const call of byId.get(device_op.correlation?.[op] ?? NONE) ?? [])
      rows.push([
        device_op.duration[op]!,
        time(device_op.start[op]!),
        ...cells(op),
        device_op.bytes![op]! / BYTES_PER_MB,
        process.pid[processOfOp(trace, op)]!,
        deviceOfOp(trace, op),
        stream.context[lane]!,
        green === NONE || green === 0 ? null : green,
        stream.id[lane]!,
        nameText(trace, api.name[call]),
      ])
  }
  return rows
}

/** The columns that end each of these rules' rows. */
export const WHERE = [
  ...thousandths('Bytes (MB)'),
  ...integers('PID', 'Device ID', 'Context ID', 'Green Context ID', 'Stream ID'),
  ...texts('API Name'),
]
