/**
 * The first look at a run: how long, which devices, how busy, which iterations, and what the capture does not hold.
 */
import { formatNs } from '../trace/number-format.ts'
import { DeviceOpKind, tableNames } from '../trace/tables.ts'
import type { TableName } from '../trace/tables.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { analysis } from './analysis.ts'
import { captureWindow } from './capture-window.ts'
import { deviceWork } from './device-work.ts'
import { iterationsOf } from './iterations.ts'
import { deviceTitle } from './ledger.ts'
import { ownerships } from './ownership.ts'
import { recordedRanges } from './phased.ts'
import { setSums, sumsOfInstances } from './set-sums.ts'

export interface Summary {
  captureNs: [number, number] | null
  counts: Record<string, number>
  devices: { device: number; name: string; ops: number; kernels: number; busyNs: number; idleNs: number }[]
  iterations: {
    name: string | null
    /** Why there are none. */
    why: string | null
    warmUp: readonly string[]
    representative: number | null
    all: { index: number; wallNs: number; cpuRangeNs: number; kernels: number; ops: number }[]
  }
  /** Why a part of the picture is missing, in words. */
  missing: string[]
  diagnostics: string[]
}

export const summary = analysis({
  id: 'summary',
  title: 'Summary',
  about: 'Length, devices, busy time, iterations, and what the capture does not hold.',
  needs: [],
  parameters: {},
  compute: summaryOf,
  tables: (result) => [
    {
      title: 'Devices',
      columns: [
        { key: 'name', title: 'Device' },
        { key: 'ops', title: 'Device ops', unit: 'count' },
        { key: 'kernels', title: 'Kernels', unit: 'count' },
        { key: 'busyNs', title: 'Busy', unit: 'ns' },
        { key: 'idleNs', title: 'Idle', unit: 'ns' },
      ],
      rows: result.devices,
    },
    {
      title:
        result.iterations.name === null
          ? `Iterations: none found (${result.iterations.why})`
          : `Iterations of ${result.iterations.name}`,
      columns: [
        { key: 'index', title: 'Iteration', unit: 'count' },
        { key: 'wallNs', title: 'Device span', unit: 'ns' },
        { key: 'cpuRangeNs', title: 'CPU range', unit: 'ns' },
        { key: 'kernels', title: 'Kernels', unit: 'count' },
      ],
      rows: result.iterations.all,
    },
    ...(result.iterations.warmUp.length === 0
      ? []
      : [
          {
            title: 'Why the first iteration was warm-up',
            columns: [{ key: 'what', title: 'What', unit: 'prose' as const }],
            rows: result.iterations.warmUp.map((what) => ({ what })),
          },
        ]),
    {
      title:
        result.captureNs === null
          ? 'Recorded'
          : `Recorded in ${formatNs(result.captureNs[1] - result.captureNs[0])}`,
      columns: [
        { key: 'name', title: 'Table' },
        { key: 'count', title: 'Rows', unit: 'count' },
      ],
      rows: Object.entries(result.counts)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => ({ name, count })),
    },
    {
      title: 'Not in this capture',
      columns: [{ key: 'what', title: 'What', unit: 'prose' }],
      rows: [...result.missing, ...result.diagnostics].map((what) => ({ what })),
    },
  ],
})

export function summaryOf(trace: Trace): Summary {
  const window = captureWindow(trace)
  const work = deviceWork(trace)
  const wall = window === undefined ? 0 : window[1] - window[0]
  const found = iterationsOf(trace)
  const sums = setSums(trace)
  const kernels = sumsOfInstances(trace, sums.kernels)
  const opsInside = sumsOfInstances(trace, sums.ops)
  return {
    captureNs: window === undefined ? null : [window[0], window[1]],
    counts: Object.fromEntries(tableNames.map((name) => [name, rowsOf(trace, name)])),
    devices: ownerships(trace).map(({ device, busyNs }) => ({
      device,
      name: deviceTitle(trace, device),
      ops: work.ops[device]!,
      kernels: work.kernels[device]!,
      busyNs,
      idleNs: wall - busyNs,
    })),
    iterations: {
      name: found.name ?? null,
      why: found.why ?? null,
      warmUp: found.warmUp,
      representative: found.representative ?? null,
      all: found.all.map((one) => ({
        index: one.index,
        wallNs: one.wall,
        cpuRangeNs: one.cpuDuration,
        kernels: kernels[one.range]!,
        ops: opsInside[one.range]!,
      })),
    },
    missing: missingOf(trace),
    diagnostics: Array.from(trace.diagnostic.text, (text) => trace.strings[text]!),
  }
}

function missingOf(trace: Trace): string[] {
  const missing: string[] = []
  const { device_op: ops, api_call: api, strings } = trace
  const kernels = ops.kind.some((kind) => kind === DeviceOpKind.kernel || kind === DeviceOpKind.node)
  if (ops.length === 0) missing.push('No device work: no kernel, copy, set or graph was recorded.')
  else if (!kernels && !ops.kind.includes(DeviceOpKind.graph))
    missing.push('No kernels: only copies and sets were recorded.')
  const graphs = ops.kind.includes(DeviceOpKind.graph)
  if (graphs)
    missing.push(
      'CUDA graphs were recorded as whole launches; their kernels are hidden. Capture again with --cuda-graph-trace=node (it slows the run) to see inside.',
    )
  else if (!kernels && [...new Set(api.name)].some((name) => /GraphLaunch/.test(strings[name]!)))
    missing.push(
      'CUDA graphs were launched but neither their kernels nor the launches’ device time were recorded: export again with nsys 2024.2 or newer, or capture with --cuda-graph-trace=node.',
    )
  for (const [table, what] of [
    ['range', 'NVTX ranges'],
    ['os_call', 'OS runtime calls (waits of the host count as host work)'],
    ['memory_event', 'memory allocations'],
    ['counter_sample', 'GPU metrics'],
  ] as const)
    if (!isRecorded(trace, table) && rowsOf(trace, table) === 0) missing.push(`Not recorded: ${what}.`)
  if (rowsOf(trace, 'range') < trace.range.length)
    missing.push('No range names the parts of the model: phases in parentheses are told by attention grids.')
  return missing
}

/** Rows that the capture recorded. */
const rowsOf = (trace: Trace, table: TableName): number =>
  table === 'range' ? recordedRanges(trace) : trace[table].length
