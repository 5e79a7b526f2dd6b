/**
 * The arguments of an event that are read; all others (shapes, Python stacks, occupancy estimates) are walked over.
 */
import { NONE } from '../../trace/column.ts'
import { ArgKind } from '../json/arg-slots.ts'
import type { ArgSlots } from '../json/arg-slots.ts'

export const Arg = {
  correlation: 0,
  externalId: 1,
  device: 2,
  context: 3,
  stream: 4,
  bytes: 5,
  grid: 6,
  block: 7,
  registers: 8,
  sharedMemory: 9,
  graph: 10,
  graphNode: 11,
  fromDevice: 12,
  toDevice: 13,
  address: 14,
  deviceType: 15,
  totalAllocated: 16,
  totalReserved: 17,
  syncKind: 18,
  syncEvent: 19,
} as const

/** By the names that Kineto's versions and back ends give them. */
export const WANTED_ARGS: Readonly<Record<string, number>> = {
  correlation: Arg.correlation,
  'External id': Arg.externalId,
  'external id': Arg.externalId,
  device: Arg.device,
  inDevice: Arg.device,
  'Device Id': Arg.device,
  context: Arg.context,
  inContext: Arg.context,
  stream: Arg.stream,
  bytes: Arg.bytes,
  Bytes: Arg.bytes,
  grid: Arg.grid,
  block: Arg.block,
  'registers per thread': Arg.registers,
  'shared memory': Arg.sharedMemory,
  'graph id': Arg.graph,
  'graph node id': Arg.graphNode,
  fromDevice: Arg.fromDevice,
  toDevice: Arg.toDevice,
  Addr: Arg.address,
  'Device Type': Arg.deviceType,
  'Total Allocated': Arg.totalAllocated,
  'Total Reserved': Arg.totalReserved,
  cuda_sync_kind: Arg.syncKind,
  wait_on_cuda_event_id: Arg.syncEvent,
}

/** A slot as a number, which some writers put in quotes; NaN where it holds none. */
export function numberArg(args: ArgSlots, slot: number): number {
  if (args.kind[slot] !== ArgKind.text) return args.number(slot)
  const digits = args.source(slot)
  return /^-?\d{1,15}$/.test(digits) ? Number(digits) : NaN
}

/** A slot as bytes, signed; NaN where it holds none, or more than any memory. */
export function bytesArg(args: ArgSlots, slot: number): number {
  const value = numberArg(args, slot)
  return Math.abs(value) < 2 ** 53 ? value : NaN
}

/** A slot as a count; NONE where it holds none, or one that does not fit. */
export function countArg(args: ArgSlots, slot: number): number {
  const value = numberArg(args, slot)
  return isU32(value) ? value : NONE
}

export const isU32 = (value: number): boolean => value >= 0 && value < NONE && Number.isInteger(value)
