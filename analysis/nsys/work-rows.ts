/**
 * Rows of the device as nsys' reports count them: kernels, copies and sets. Whole-graph launches are in none of its reports.
 */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { COPY_LABELS, MEMORY_LABELS } from './needs.ts'
import { nameKeys, nameText } from './names.ts'
import { rowsAmong, rowsWhere } from '../rows.ts'

/** CUPTI's copy kinds end here: nsys joins their labels, so a copy of any other kind is in none of its summaries. */
const COPY_KINDS = 14
/** Labels of CUPTI's memory kinds. */
const MEMORY_KINDS = [
  'Pageable',
  'Pinned',
  'Device',
  'Array',
  'Managed',
  'Device Static',
  'Managed Static',
  'Unknown',
]

/** Rows of device_op of one of these kinds, in start order. */
export function rowsOfKinds(trace: Trace, ...kinds: number[]): Uint32Array {
  const { kind, length } = trace.device_op
  const wanted = new Uint8Array(8)
  for (const one of kinds) wanted[one] = 1
  return rowsWhere(length, (op) => wanted[kind[op]!] === 1)
}

export const kernelRows = derived((trace) => rowsOfKinds(trace, DeviceOpKind.kernel))

/** Kernels, copies and sets. */
export const workRows = derived((trace) =>
  rowsOfKinds(trace, DeviceOpKind.kernel, DeviceOpKind.copy, DeviceOpKind.set),
)

/** Whether a row is a kernel, a set, or a copy whose kind has a label in the file. */
export function hasLabel(trace: Trace): (op: number) => boolean {
  const { kind, copyKind } = trace.device_op
  const isLabelled = (trace.meta.sourceTables?.[COPY_LABELS]?.rows ?? 0) > 0
  return (op) => kind[op] !== DeviceOpKind.copy || (isLabelled && (copyKind?.[op] ?? NONE_U8) < COPY_KINDS)
}

/** Copies and sets that have a label. */
export const memoryRows = derived((trace) =>
  rowsAmong(rowsOfKinds(trace, DeviceOpKind.copy, DeviceOpKind.set), hasLabel(trace)),
)

/** The label of a memory kind; null where it has none. */
export function memoryLabels(trace: Trace): (kind: number | undefined) => string | null {
  const isLabelled = (trace.meta.sourceTables?.[MEMORY_LABELS]?.rows ?? 0) > 0
  return (kind) => (isLabelled && kind !== undefined ? (MEMORY_KINDS[kind] ?? null) : null)
}

/** Keys to group some ops by name. */
export function nameKeysOf(trace: Trace, ops: Uint32Array): Uint32Array {
  const keys = nameKeys(trace)
  const { name } = trace.device_op
  const found = new Uint32Array(ops.length)
  for (let i = 0; i < ops.length; i++) found[i] = keys[name[ops[i]!]!]!
  return found
}

/** A kernel's name: demangled. A copy's or set's: its label in brackets. */
export const opName = (trace: Trace, op: number): string | null => nameText(trace, trace.device_op.name[op])

/** The process row of a device op. */
export const processOfOp = (trace: Trace, op: number): number =>
  trace.stream.process[trace.device_op.stream[op]!]!

/** The device number inside the process, as it stands in the file. */
export const deviceOfOp = (trace: Trace, op: number): number =>
  trace.stream.deviceOrdinal[trace.device_op.stream[op]!]!

/** "  16    1    1": each number right-aligned in four columns; NONE is blank. */
export const dimensions = (x: number, y: number, z: number): string =>
  [x, y, z].map((n) => (n === NONE ? '' : String(n)).padStart(4)).join(' ')

/** The same, remembering: a capture has few sizes and many kernels. */
export function dimensionTexts(
  x: Uint32Array | undefined,
  y: Uint32Array | undefined,
  z: Uint32Array | undefined,
): (op: number) => string {
  const known = new Map<number, Map<number, Map<number, string>>>()
  return (op) => {
    const [a, b, c] = [x?.[op] ?? NONE, y?.[op] ?? NONE, z?.[op] ?? NONE]
    let byY = known.get(a)
    if (byY === undefined) known.set(a, (byY = new Map()))
    let byZ = byY.get(b)
    if (byZ === undefined) byY.set(b, (byZ = new Map()))
    let text = byZ.get(c)
    if (text === undefined) byZ.set(c, (text = dimensions(a, b, c)))
    return text
  }
}
