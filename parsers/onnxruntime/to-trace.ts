/** A profile in the normal form: nodes as device ops, sessions and name sections as ranges, the arena as counters. */
import { StringPool, TableBuilder, emptyTable } from '../../trace/builder.ts'
import type { TableSpec } from '../../trace/table.ts'
import { DeviceOpKind, RangeStyle, deviceOp, range, tables } from '../../trace/tables.ts'
import type { Trace, TraceTables } from '../../trace/trace.ts'
import { arenaOf } from './arena.ts'
import { Places } from './places.ts'
import type { OrtProfile } from './profile.ts'
import { rangesOf } from './ranges.ts'
import type { RangeOptions } from './ranges.ts'

export interface TraceOptions extends RangeOptions {
  /** Added to every time. Default 0: the profiler's own axis. */
  offsetNs?: number
  /** Number and name of the session: its stream. */
  session?: { id: number; name: string }
}

export function traceOf(profile: OrtProfile, options: TraceOptions = {}): Trace {
  const offset = options.offsetNs ?? 0
  const pool = new StringPool()
  const text = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : pool.intern(value)
  const places = new Places(pool, options.session ?? { id: 0, name: undefined })
  const { ranges, ofNode } = rangesOf(profile, options)

  const rangeRows = new TableBuilder(range)
  for (const row of ranges)
    rangeRows.add({
      start: row.startNs + offset,
      duration: row.endNs - row.startNs,
      open: 0,
      style: RangeStyle.other,
      thread: places.thread(row.pid, row.tid),
      name: pool.intern(row.name),
      category: pool.intern(row.category),
      parent: row.parent,
      depth: row.depth,
      sourceRow: row.sourceRow,
    })

  const ops = new TableBuilder(deviceOp)
  profile.nodes.forEach((node, i) => {
    places.thread(node.pid, node.tid)
    ops.add({
      start: node.startNs + offset,
      duration: node.durationNs,
      kind: DeviceOpKind.node,
      device: places.device(node.provider),
      stream: places.stream(node.provider, node.pid),
      name: pool.intern(node.name),
      shortName: text(node.operator),
      provider: text(node.provider),
      shapes: text(node.shapes),
      bytes: node.bytes,
      range: ofNode[i],
      sourceRow: node.index,
    })
  })

  const arena = arenaOf(
    profile.nodes,
    offset,
    pool,
    (node) => places.device(node.provider),
    options.session?.name,
  )
  const filled: Partial<TraceTables> = {
    device: places.devices.finish(),
    process: places.processes.finish(),
    thread: places.threads.finish(),
    stream: places.streams.finish(),
    device_op: ops.finish(),
    range: rangeRows.finish(),
    ...arena,
  }
  return {
    ...withoutRows(),
    ...filled,
    strings: pool.strings,
    meta: {
      format: 'onnxruntime',
      facts: { tool: 'onnxruntime' },
      originNs: String(BigInt(profile.zeroUs) * 1000n),
      recorded: Object.keys(filled) as (keyof TraceTables)[],
      sourceRows: profile.sourceRows,
      skipped: profile.skipped,
      warnings: profile.warnings,
    },
  }
}

/** Every table, without a row. */
export const withoutRows = (): TraceTables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, spec]) => [name, emptyTable(spec as TableSpec)]),
  ) as unknown as TraceTables
