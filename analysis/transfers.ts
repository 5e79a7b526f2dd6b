/**
 * Copies and sets: how much moved between which memories, how fast, and how much of it went through pageable memory.
 */
import { NONE_U8 } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import { analysis } from './analysis.ts'
import { derived } from './derived.ts'

/** CUPTI's memory kinds. */
const MEMORY = [
  'pageable',
  'pinned',
  'device',
  'array',
  'managed',
  'device static',
  'managed static',
  'unknown',
]

export interface TransferRow {
  name: string
  from: string
  to: string
  count: number
  bytes: number
  totalNs: number
  /** Σ bytes / Σ time; null where no time, or no size, was recorded: those without a size are rows of their own. Latency counts: many small copies look slow. */
  bytesPerSecond: number | null
  smallest: number
  largest: number
  isPageable: boolean
}

export const transfers = analysis({
  id: 'transfers',
  title: 'Transfers',
  about:
    'Copies and sets by direction and memory kind: bytes, time, throughput, and what went through pageable memory.',
  needs: ['device_op'],
  parameters: {},
  compute: (trace): { transfers: readonly TransferRow[] } => ({ transfers: transferRows(trace) }),
  tables: (result) => [
    {
      title: 'Transfers',
      columns: [
        { key: 'name', title: 'Operation' },
        { key: 'from', title: 'From' },
        { key: 'to', title: 'To' },
        { key: 'count', title: 'Count', unit: 'count' },
        { key: 'bytes', title: 'Bytes', unit: 'bytes' },
        { key: 'totalNs', title: 'Time', unit: 'ns' },
        { key: 'bytesPerSecond', title: 'Throughput', unit: 'bytes/s' },
        { key: 'largest', title: 'Largest', unit: 'bytes' },
      ],
      rows: totalsFirst(result.transfers).map((row) => ({ ...row })),
    },
  ],
})

/** Sums of some rows. */
interface TransferTotal {
  name: string
  from: null
  to: null
  count: number
  bytes: number
  totalNs: number
  bytesPerSecond: number | null
  largest: number
}

/** All rows together, and those that went through pageable memory. */
export const transferTotals = (
  rows: readonly TransferRow[],
): { all: TransferTotal; pageable: TransferTotal } => ({
  all: totalOf('all', rows),
  pageable: totalOf(
    'all through pageable memory',
    rows.filter((row) => row.isPageable),
  ),
})

function totalOf(name: string, rows: readonly TransferRow[]): TransferTotal {
  const sum = (value: (row: TransferRow) => number): number => rows.reduce((all, row) => all + value(row), 0)
  const bytes = sum((row) => row.bytes)
  const sizedNs = sum((row) => (row.bytesPerSecond === null ? 0 : row.totalNs))
  return {
    name,
    from: null,
    to: null,
    count: sum((row) => row.count),
    bytes,
    totalNs: sum((row) => row.totalNs),
    bytesPerSecond: sizedNs > 0 ? (bytes * 1e9) / sizedNs : null,
    largest: Math.max(0, ...rows.map((row) => row.largest)),
  }
}

/** One kind is its own total. */
function totalsFirst(rows: readonly TransferRow[]): (TransferRow | TransferTotal)[] {
  if (rows.length < 2) return [...rows]
  const { all, pageable } = transferTotals(rows)
  return [all, ...(pageable.count > 0 ? [pageable] : []), ...rows]
}

const transferRows = derived(({ device_op: ops, strings }): readonly TransferRow[] => {
  const kinds = ops.kind
  const groups = new Map<string, TransferRow>()
  for (let op = 0; op < kinds.length; op++) {
    const kind = kinds[op]!
    if (kind !== DeviceOpKind.copy && kind !== DeviceOpKind.set) continue
    const from = kind === DeviceOpKind.set ? '—' : memory(ops.srcKind?.[op])
    const to = memory(kind === DeviceOpKind.set ? ops.memoryKind?.[op] : ops.dstKind?.[op])
    const name = strings[ops.name[op]!]!
    const bytes = ops.bytes?.[op] ?? NaN
    const isSized = !Number.isNaN(bytes)
    const key = `${name} ${from} ${to}${isSized ? '' : ' without a size'}`
    let row = groups.get(key)
    if (row === undefined) {
      const isPageable = kind === DeviceOpKind.copy && (from === 'pageable' || to === 'pageable')
      row = {
        name,
        from,
        to,
        count: 0,
        bytes: 0,
        totalNs: 0,
        bytesPerSecond: null,
        smallest: Infinity,
        largest: 0,
        isPageable,
      }
      groups.set(key, row)
    }
    row.count++
    row.totalNs += ops.duration[op]!
    if (!isSized) continue
    row.bytes += bytes
    row.smallest = Math.min(row.smallest, bytes)
    row.largest = Math.max(row.largest, bytes)
  }
  // A row none of whose ops has a size still has the smallest it began with.
  return [...groups.values()]
    .map((row) => {
      const isSized = row.smallest !== Infinity
      const bytesPerSecond = isSized && row.totalNs > 0 ? (row.bytes * 1e9) / row.totalNs : null
      return { ...row, bytesPerSecond, smallest: isSized ? row.smallest : 0 }
    })
    .sort((a, b) => b.totalNs - a.totalNs)
})

const memory = (kind: number | undefined): string =>
  kind === undefined || kind === NONE_U8 ? 'not recorded' : (MEMORY[kind] ?? `kind ${kind}`)
