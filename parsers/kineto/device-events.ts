/**
 * Events of devices → rows: kernels, copies, sets, synchronisations.
 */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import { ArgKind } from '../json/arg-slots.ts'
import { Arg, bytesArg, countArg, isU32, numberArg } from './args.ts'
import type { Collector } from './collect.ts'

/** CUPTI_ACTIVITY_SYNCHRONIZATION_TYPE by Kineto's words. */
const SYNC_KINDS: Readonly<Record<string, number>> = {
  'Event Sync': 1,
  'Stream Wait Event': 2,
  'Stream Sync': 3,
  'Context Sync': 4,
}

const three = new Float64Array(3)

export function addOp(
  collector: Collector,
  start: number,
  duration: number,
  role: 'kernel' | 'copy' | 'set',
): void {
  const { rows, scanner } = collector
  const { args } = scanner
  const i = rows.ops.add()
  const to = rows.ops.columns
  to.start[i] = start
  to.duration[i] = duration
  to.sourceRow[i] = collector.row
  to.kind[i] = DeviceOpKind[role]
  to.lane[i] = laneOf(collector, streamOf(collector))
  to.name[i] = scanner.name >>> 0
  to.correlation[i] = countArg(args, Arg.correlation)
  to.externalId[i] = numberArg(args, Arg.externalId)
  if (role === 'kernel') {
    if (args.counts(Arg.grid, three) === 3) {
      to.gridX[i] = three[0]!
      to.gridY[i] = three[1]!
      to.gridZ[i] = three[2]!
    }
    if (args.counts(Arg.block, three) === 3) {
      to.blockX[i] = three[0]!
      to.blockY[i] = three[1]!
      to.blockZ[i] = three[2]!
    }
    to.registers[i] = countArg(args, Arg.registers)
    to.sharedTotal[i] = countArg(args, Arg.sharedMemory)
  } else {
    to.bytes[i] = bytesArg(args, Arg.bytes)
    to.srcDevice[i] = countArg(args, Arg.fromDevice)
    to.dstDevice[i] = countArg(args, Arg.toDevice)
  }
  // Work outside of any graph says graph 0, node 0. A node's id is 64 bits: read from its digits.
  const node = args.kind[Arg.graphNode] === ArgKind.number ? args.source(Arg.graphNode) : '0'
  if (node === '0' || !/^\d{1,20}$/.test(node)) return
  to.graphNode[i] = BigInt.asIntN(64, BigInt(node))
  to.graphId[i] = countArg(args, Arg.graph)
}

export function addSync(collector: Collector, start: number, duration: number): void {
  const { rows, scanner } = collector
  const { args } = scanner
  const i = rows.syncs.add()
  const to = rows.syncs.columns
  to.start[i] = start
  to.duration[i] = duration
  to.sourceRow[i] = collector.row
  to.device[i] = deviceOf(collector)
  // A whole context is waited for with stream −1.
  const stream = countArg(args, Arg.stream)
  to.lane[i] = stream === NONE ? NONE : laneOf(collector, stream)
  if (args.kind[Arg.syncKind] === ArgKind.text) to.kind[i] = SYNC_KINDS[args.text(Arg.syncKind)] ?? NONE_U8
  to.event[i] = countArg(args, Arg.syncEvent)
  to.correlation[i] = countArg(args, Arg.correlation)
}

function laneOf(collector: Collector, stream: number): number {
  const context = countArg(collector.scanner.args, Arg.context)
  const place = collector.places.of(collector.scanner)
  return collector.lanes.of(place, deviceOf(collector), context === NONE ? 0 : context, stream)
}

/** The device's number: the argument, else the pid, which is the device's number for GPU events. */
function deviceOf({ scanner, devices }: Collector): number {
  let device = countArg(scanner.args, Arg.device)
  if (device === NONE) device = isU32(scanner.pid) ? scanner.pid : 0
  devices.add(device)
  return device
}

/** The stream's number: the argument, else the tid, which may read "stream 7". */
function streamOf({ scanner }: Collector): number {
  const stream = countArg(scanner.args, Arg.stream)
  if (stream !== NONE) return stream
  if (scanner.tidText >= 0) return Number(/(\d{1,9})$/.exec(scanner.texts.text(scanner.tidText))?.[1] ?? 0)
  return isU32(scanner.tid) ? scanner.tid : 0
}
