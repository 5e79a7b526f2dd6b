/** The arena's state after each node as counters, where the runtime wrote it (newer ones do). */
import type { StringPool } from '../../trace/builder.ts'
import { TableBuilder } from '../../trace/builder.ts'
import type { TableOf } from '../../trace/table.ts'
import { counter, counterSample } from '../../trace/tables.ts'
import type { NodeRecord } from './profile.ts'

/** Which number of a node, and what its counter is called. Bytes. */
const SERIES = [
  ['arenaInUse', 'ONNX Runtime arena in use'],
  ['arenaHeld', 'ONNX Runtime arena held'],
] as const

export interface Arena {
  counter: TableOf<typeof counter>
  counter_sample: TableOf<typeof counterSample>
}

/** Undefined where no node tells. Samples stand at their node's end. Each session has an arena of its own. */
export function arenaOf(
  nodes: readonly NodeRecord[],
  offsetNs: number,
  pool: StringPool,
  device: (node: NodeRecord) => number,
  session?: string,
): Arena | undefined {
  const counters = new TableBuilder(counter)
  const samples: { time: number; counter: number; value: number }[] = []
  for (const [key, name] of SERIES) {
    const rows = new Map<number, number>()
    for (const node of nodes) {
      const value = node[key]
      if (value === undefined) continue
      const on = device(node)
      const label = session === undefined ? name : `${name}, ${session}`
      const row =
        rows.get(on) ?? counters.add({ name: pool.intern(label), unit: pool.intern('B'), device: on })
      rows.set(on, row)
      samples.push({ time: node.startNs + node.durationNs + offsetNs, counter: row, value })
    }
  }
  if (samples.length === 0) return undefined
  const sorted = new TableBuilder(counterSample)
  for (const sample of samples.sort((a, b) => a.time - b.time || a.counter - b.counter)) sorted.add(sample)
  return { counter: counters.finish(), counter_sample: sorted.finish() }
}
