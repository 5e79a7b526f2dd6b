/** Synthetic runs for tests of the page: the numbers are made up, the shapes are those of trace/api.ts. */
import type { AnalysisInfo, RunInfo } from '../../trace/api.ts'

export interface SyntheticRun {
  info: RunInfo
  results: Record<string, unknown>
}

const S = 1e9

export const analyses: AnalysisInfo[] = [
  {
    id: 'ledger',
    title: 'Ledger',
    about: 'Where every nanosecond of a window went.',
    needs: [],
    parameters: [],
  },
  {
    id: 'phases',
    title: 'Phases',
    about: 'CPU time beside device time, phase by phase.',
    needs: ['range'],
    parameters: [],
  },
  { id: 'kernels', title: 'Kernels', about: 'Device ops by name.', needs: ['device_op'], parameters: [] },
  {
    id: 'syncs',
    title: 'Syncs',
    about: 'Calls that block until the device is done.',
    needs: ['api_call'],
    parameters: [],
  },
  { id: 'counters', title: 'Counters', about: 'Sampled metrics.', needs: ['counter_sample'], parameters: [] },
]

const owners = (
  busy: Record<string, number>,
  idle: Record<string, number>,
  hidden: Record<string, number> = {},
) => [
  ...Object.entries(busy).map(([name, ns]) => ({ owner: `busy/${name}`, ns, hiddenNs: hidden[name] ?? 0 })),
  ...Object.entries(idle).map(([name, ns]) => ({ owner: `idle/${name}`, ns, hiddenNs: 0 })),
]
const wall = (list: { ns: number }[]): number => list.reduce((sum, { ns }) => sum + ns, 0)

function gpuRun(id: number, label: string, globalS: number, frameS: number): SyntheticRun {
  const list = owners(
    {
      attention: globalS * 0.72 * S + 417_331,
      gemm: 17.4 * S + 1_203,
      elementwise: 4.1 * S,
      normalisation: 2.2 * S,
      layout: 1.9 * S,
      convolution: 0.41 * S,
      reduction: 0.2 * S,
      other: 0.06 * S,
      'memcpy-h2d': 0.12 * S,
      'memcpy-d2d': 0.6 * S,
      memset: 2_113_000,
    },
    {
      'host-work': 61_204_117,
      'launch-call': 8_400_221,
      'sync-turnaround': 1_902_332,
      alloc: 22_019_006,
      'module-load': 14_003_551,
      'submission-latency': 2_050_000,
      handover: 3_120_444,
      'before-first': 510_000_000,
      'after-last': 90_112_000,
    },
    { 'memcpy-h2d': 31_000_000, 'memcpy-d2d': 400_000 },
  )
  const wallNs = wall(list)
  const ledger = {
    devices: [{ device: 0, name: 'Synthetic GPU 48GB', windowsNs: [[0, wallNs]], wallNs, owners: list }],
  }
  const forward = (globalS + frameS + 6) * S
  const phase = (path: string, count: number, cpu: number, busy: number, kernels: number, extra = {}) => ({
    path,
    count,
    cpuRangeNs: Math.round(cpu * S),
    gpuBusyNs: Math.round(busy * S),
    gpuSpanNs: Math.round(busy * 1.002 * S),
    gpuSumNs: Math.round(busy * 1.0004 * S),
    kernels,
    ...extra,
  })
  const phases = {
    phases: [
      phase('VGGT_Forward', 4, forward / S, forward / S - 0.4, 47_960),
      phase('VGGT_Forward/VGGT_Aggregator', 4, globalS + frameS + 2.1, globalS + frameS + 2, 30_100),
      phase('VGGT_Forward/VGGT_Aggregator/Patch_Embed', 4, 1.1, 1.9, 2_360),
      phase('VGGT_Forward/VGGT_Aggregator/Frame_Attention', 96, globalS * 0.93, frameS, 11_200, {
        waits: 'VGGT_Forward/VGGT_Aggregator/Global_Attention',
      }),
      phase('VGGT_Forward/VGGT_Aggregator/Global_Attention', 96, 1.4, globalS, 11_000),
      phase('VGGT_Forward/Camera_Head', 4, 0.4, 0.3, 6_400),
      phase('VGGT_Forward/Depth_Head', 4, 1.3, 2.4, 5_730),
      phase('VGGT_Forward/Point_Head', 4, 1.2, 2.3, 5_730),
    ],
  }
  const info: RunInfo = {
    id,
    label,
    tags: ['synthetic'],
    notes: '',
    format: 'nsys-sqlite',
    sourceSha256: `${id}`.repeat(64).slice(0, 64),
    sources: [
      {
        name: `${label}.sqlite`,
        sha256: `${id}`.repeat(64).slice(0, 64),
        bytes: 11_386_880,
        format: 'nsys-sqlite',
      },
    ],
    importedAt: '2026-03-01T14:07:00.000Z',
    counts: {
      device: 1,
      process: 1,
      thread: 14,
      stream: 2,
      device_op: 50_933,
      api_call: 62_481,
      range: 196,
      os_call: 51_219,
      sync: 2_190,
      overhead: 151,
      diagnostic: 12,
    },
    skipped: [{ what: 'device_op', count: 3, why: 'ends before it starts' }],
    warnings: ['The profiler’s own overhead covers 151 stretches of this capture.'],
    facts: {
      frames: 101,
      gpu: { name: 'Synthetic GPU 48GB', driver: '0.0', memoryBytes: 48 * 2 ** 30 },
      graphs: 'none',
    },
    recorded: [
      'device',
      'process',
      'thread',
      'stream',
      'device_op',
      'api_call',
      'range',
      'os_call',
      'sync',
      'overhead',
      'diagnostic',
    ],
    captureNs: [0, wallNs],
    devices: [
      {
        device: 0,
        name: 'Synthetic GPU 48GB',
        ops: 50_933,
        busyNs: wall(list.filter((one) => one.owner.startsWith('busy'))),
      },
    ],
  }
  const kernels = Array.from({ length: 1200 }, (_, i) => ({
    name: `void synthetic::kernel_${i}<float, ${i % 7}, (bool)${i % 2}>(Params)`,
    class: ['gemm', 'attention', 'elementwise', 'layout'][i % 4],
    count: 1200 - i,
    totalNs: Math.round((9 * S) / (i + 1)),
    meanNs: Math.round((9 * S) / (i + 1) / (1200 - i)),
  }))
  return { info, results: { ledger, phases, kernels: { kernels }, syncs: {} } }
}

function cpuRun(id: number): SyntheticRun {
  const list = owners(
    {
      gemm: 1_420_112_000,
      attention: 611_000_000,
      elementwise: 170_000_000,
      normalisation: 96_000_000,
      layout: 88_000_000,
      convolution: 40_000_000,
    },
    { dispatch: 72_113_409, 'before-first': 12_000_000, 'after-last': 900_000 },
  )
  const base = gpuRun(id, 'tiny frame-batched', 1, 1)
  const wallNs = wall(list)
  return {
    info: {
      ...base.info,
      label: 'tiny frame-batched',
      format: 'ort-profile',
      tags: [],
      skipped: [],
      warnings: [],
      counts: { device: 1, device_op: 3_120, range: 44, process: 1, thread: 1, stream: 1 },
      recorded: ['device', 'device_op', 'range', 'process', 'thread', 'stream'],
      captureNs: [0, wallNs],
      devices: [{ device: 0, name: 'CPU (ONNX Runtime)', ops: 3_120, busyNs: 2_425_112_000 }],
      facts: { model: 'tiny', frames: 4 },
    },
    results: {
      ...base.results,
      ledger: {
        devices: [{ device: 0, name: 'CPU (ONNX Runtime)', windowsNs: [[0, wallNs]], wallNs, owners: list }],
      },
    },
  }
}

function emptyRun(id: number): SyntheticRun {
  const base = gpuRun(id, 'crashed capture', 1, 1)
  return {
    info: {
      ...base.info,
      label: 'crashed capture',
      counts: { api_call: 4_147, os_call: 42_189, sync: 1_799, process: 1, thread: 3 },
      recorded: ['api_call', 'os_call', 'sync', 'process', 'thread'],
      devices: [],
      warnings: ['The capture holds no kernels: the process ended with an error before its first launch.'],
    },
    results: { ledger: { devices: [] } },
  }
}

export const syntheticRuns = (): SyntheticRun[] => [
  gpuRun(1, 'vggt 101 frames, baseline', 48.2, 8.1),
  gpuRun(2, 'vggt 101 frames, frame-batched', 40.2, 9.4),
  cpuRun(3),
  emptyRun(4),
]

/** The default tables of a result, as the server would send them. */
export function tablesOf(analysis: string, run: SyntheticRun): unknown[] {
  const rows = (run.results.kernels as { kernels: Record<string, unknown>[] } | undefined)?.kernels
  if (analysis === 'kernels' && rows)
    return [
      {
        title: 'Kernels by name',
        columns: [
          { key: 'name', title: 'Kernel' },
          { key: 'class', title: 'Class' },
          { key: 'count', title: 'Count', unit: 'count' },
          { key: 'totalNs', title: 'Total', unit: 'ns' },
          { key: 'meanNs', title: 'Mean', unit: 'ns' },
        ],
        rows,
      },
    ]
  return []
}
