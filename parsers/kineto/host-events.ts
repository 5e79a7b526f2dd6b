/**
 * Events of threads → rows: ranges and their halves, API calls, overhead, marks, memory, counters, arrows.
 */
import { NONE } from '../../trace/column.ts'
import { MemoryOperation, RangeStyle } from '../../trace/tables.ts'
import { ArgKind } from '../json/arg-slots.ts'
import { Arg, bytesArg, countArg, numberArg } from './args.ts'
import type { Collector } from './collect.ts'
import { valuesOf } from './counters.ts'
import { isOfThread } from './pairs.ts'

const FLOW_STEP = 't'.charCodeAt(0)
const FLOW_END = 'f'.charCodeAt(0)
const GLOBAL = 'g'.charCodeAt(0)
const OF_PROCESS = 'p'.charCodeAt(0)
/** c10::DeviceType of the host's memory. */
const CPU = 0

export function addRange(
  { rows, scanner, places, row }: Collector,
  start: number,
  duration: number,
  isOpen: boolean,
): void {
  const i = rows.ranges.add()
  const to = rows.ranges.columns
  to.start[i] = start
  to.duration[i] = duration
  to.sourceRow[i] = row
  to.open[i] = isOpen ? 1 : 0
  to.style[i] = RangeStyle.other
  to.place[i] = places.of(scanner)
  to.name[i] = scanner.name >>> 0
  to.category[i] = scanner.category >>> 0
}

/** One end of a range; `pairEdges` joins them. */
export function addEdge(collector: Collector): void {
  const { rows, scanner, places, row } = collector
  const start = collector.instant()
  if (start === undefined) return
  const place = places.of(scanner)
  const i = rows.edges.add()
  const to = rows.edges.columns
  to.start[i] = start
  to.sourceRow[i] = row
  to.phase[i] = scanner.phase
  to.key[i] = isOfThread(scanner.phase) ? place : -1 - places.asyncKey(scanner, place)
  to.place[i] = place
  to.name[i] = scanner.name >>> 0
  to.category[i] = scanner.category >>> 0
}

export function addCall(
  { rows, scanner, places, row }: Collector,
  start: number,
  duration: number,
  role: 'runtime' | 'driver',
): void {
  const i = rows.calls.add()
  const to = rows.calls.columns
  to.start[i] = start
  to.duration[i] = duration
  to.sourceRow[i] = row
  to.place[i] = places.of(scanner)
  to.name[i] = scanner.name >>> 0
  to.eventClass[i] = role === 'driver' ? 1 : 0
  to.correlation[i] = countArg(scanner.args, Arg.correlation)
  to.externalId[i] = numberArg(scanner.args, Arg.externalId)
}

export function addOverhead(
  { rows, scanner, places, row }: Collector,
  start: number,
  duration: number,
): void {
  const i = rows.overheads.add()
  const to = rows.overheads.columns
  to.start[i] = start
  to.duration[i] = duration
  to.sourceRow[i] = row
  // pid −1: the profiler does not say whose thread it was.
  if (!(scanner.pid < 0)) to.place[i] = places.of(scanner)
  to.name[i] = scanner.name >>> 0
}

export function addMark(collector: Collector): void {
  const { rows, scanner, places, row } = collector
  const start = collector.instant()
  if (start === undefined) return
  const i = rows.marks.add()
  const to = rows.marks.columns
  to.start[i] = start
  to.sourceRow[i] = row
  // One that concerns all, or a whole process, belongs to no thread.
  if (scanner.scope !== GLOBAL && scanner.scope !== OF_PROCESS) to.place[i] = places.of(scanner)
  to.name[i] = scanner.name >>> 0
  to.category[i] = scanner.category >>> 0
}

/** An allocation (bytes > 0) or a release (bytes < 0) by torch's caching allocator. */
export function addMemory(collector: Collector): void {
  const { rows, scanner, places, devices, row } = collector
  const { args } = scanner
  const bytes = bytesArg(args, Arg.bytes)
  if (Number.isNaN(bytes)) return collector.skip('noBytes')
  const start = collector.instant()
  if (start === undefined) return
  const i = rows.memory.add()
  const to = rows.memory.columns
  to.start[i] = start
  to.sourceRow[i] = row
  to.place[i] = places.of(scanner)
  // The host's memory has device −1 and type 0.
  const device = countArg(args, Arg.device)
  if (device !== NONE && numberArg(args, Arg.deviceType) !== CPU) {
    to.device[i] = device
    devices.add(device)
  }
  to.operation[i] = bytes < 0 ? MemoryOperation.deallocation : MemoryOperation.allocation
  to.bytes[i] = Math.abs(bytes)
  if (args.kind[Arg.address] === ArgKind.number && /^\d{1,20}$/.test(args.source(Arg.address)))
    to.address[i] = BigInt.asIntN(64, BigInt(args.source(Arg.address)))
  to.totalAllocated[i] = bytesArg(args, Arg.totalAllocated)
  to.totalReserved[i] = bytesArg(args, Arg.totalReserved)
}

export function addSamples(collector: Collector): void {
  const { rows, scanner, places, counters } = collector
  const values = valuesOf(scanner.allArgs())
  if (values.length === 0) return collector.skip('noNumber')
  const start = collector.instant()
  if (start === undefined) return
  collector.tally.furtherValues(scanner.category, scanner.phase, values.length - 1)
  const name = scanner.name < 0 ? '' : scanner.texts.text(scanner.name)
  const process = places.pid(places.of(scanner))
  for (const [what, value] of values) {
    const i = rows.samples.add()
    const to = rows.samples.columns
    to.start[i] = start
    to.counter[i] = counters.of(process, scanner.id, name, what)
    to.value[i] = value
  }
}

/** An arrow is no row; those of launches are kept aside, for ops that no correlation links. */
export function addFlow(collector: Collector): void {
  const { rows, scanner, places, clock } = collector
  collector.skip('flow')
  if (scanner.category < 0 || Number.isNaN(scanner.id) || scanner.phase === FLOW_STEP) return
  if (!collector.isLaunchFlow(scanner.category)) return
  const start = clock.startOf(scanner)
  if (!Number.isFinite(start)) return
  const i = rows.flows.add()
  const to = rows.flows.columns
  to.start[i] = start
  to.place[i] = places.of(scanner)
  to.id[i] = scanner.id
  to.isEnd[i] = scanner.phase === FLOW_END ? 1 : 0
}
