/** Blocking syncs by phase and call: how long the host waited, and for whose device work (blocking-syncs.ts). */
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { blockingSyncs } from './blocking-syncs.ts'
import type { BlockingSync } from './blocking-syncs.ts'
import { iterationAt } from './iterations.ts'
import { phaseTree } from './phase-tree.ts'
import type { WindowChoice } from './windows.ts'
import { checkOne, phaseAt, WINDOW_PARAMETERS } from './windows.ts'

export interface SyncRow {
  phase: string
  name: string
  count: number
  totalNs: number
  /** Device time inside the waits, by the phase it belongs to; the rest of totalNs is turnaround and idleness. */
  waitedFor: { phase: string; ns: number }[]
}

export const syncs = analysis({
  id: 'syncs',
  title: 'Blocking syncs',
  about: 'Where the host waited for the device, and whose work it waited for.',
  needs: ['api_call'],
  parameters: WINDOW_PARAMETERS,
  compute: (trace, choice): { syncs: SyncRow[]; count: number; totalNs: number } => {
    const { of, all } = chosen(trace, choice)
    const rows = syncRows(of, all)
    return {
      syncs: rows,
      count: rows.reduce((sum, row) => sum + row.count, 0),
      totalNs: rows.reduce((sum, row) => sum + row.totalNs, 0),
    }
  },
  tables: (result) => [
    {
      title: `Blocking syncs: ${result.count}`,
      columns: [
        { key: 'phase', title: 'Phase of the host' },
        { key: 'name', title: 'API call' },
        { key: 'count', title: 'Calls', unit: 'count' },
        { key: 'totalNs', title: 'Waited', unit: 'ns' },
        { key: 'mainNs', title: 'Work meanwhile', unit: 'ns' },
        { key: 'main', title: 'Mostly of phase' },
      ],
      rows: result.syncs.map((row) => ({
        phase: row.phase,
        name: row.name,
        count: row.count,
        totalNs: row.totalNs,
        mainNs: row.waitedFor[0]?.ns ?? null,
        main: row.waitedFor[0]?.phase ?? null,
      })),
    },
  ],
})

/** Syncs that began inside an iteration's CPU range, a phase, or a window; and the trace that has that phase. */
function chosen(trace: Trace, choice: WindowChoice): { of: Trace; all: BlockingSync[] } {
  checkOne(choice)
  const { start } = trace.api_call
  const all = blockingSyncs(trace)
  if (choice.iteration !== undefined) {
    const { cpuStart, cpuDuration } = iterationAt(trace, choice.iteration)
    return {
      of: trace,
      all: all.filter(({ call }) => start[call]! >= cpuStart && start[call]! <= cpuStart + cpuDuration),
    }
  }
  if (choice.phase !== undefined) {
    const { trace: of, phase: wanted } = phaseAt(trace, choice.phase)
    const { paths } = phaseTree(of)
    const isInside = paths.map((path) => `${path}/`.startsWith(`${paths[wanted]}/`))
    return { of, all: blockingSyncs(of).filter(({ phase }) => isInside[phase]!) }
  }
  const { from = -Infinity, to = Infinity } = choice
  return { of: trace, all: all.filter(({ call }) => start[call]! >= from && start[call]! < to) }
}

function syncRows(trace: Trace, all: readonly BlockingSync[]): SyncRow[] {
  const { api_call: api, strings } = trace
  const { paths } = phaseTree(trace)
  const groups = new Map<string, { row: SyncRow; waited: Map<number, number> }>()
  for (const one of all) {
    const name = strings[api.name[one.call]!]!
    const key = `${one.phase} ${name}`
    let group = groups.get(key)
    if (group === undefined) {
      const row = { phase: paths[one.phase]!, name, count: 0, totalNs: 0, waitedFor: [] }
      groups.set(key, (group = { row, waited: new Map() }))
    }
    group.row.count++
    group.row.totalNs += api.duration[one.call]!
    for (const [phase, time] of one.waitedFor) group.waited.set(phase, (group.waited.get(phase) ?? 0) + time)
  }
  return [...groups.values()]
    .map(({ row, waited }) => ({
      ...row,
      waitedFor: [...waited]
        .map(([phase, time]) => ({ phase: paths[phase]!, ns: time }))
        .sort((a, b) => b.ns - a.ns),
    }))
    .sort((a, b) => b.totalNs - a.totalNs)
}
