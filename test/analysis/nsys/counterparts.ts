/**
 * For each number that docs/definitions.md calls equal to a column of an nsys report: our number out of the analyses, and
 * theirs out of what nsys printed, both by what they are of.
 */
import { iterationsOf } from '../../../analysis/iterations.ts'
import { kernels } from '../../../analysis/kernels.ts'
import { launches } from '../../../analysis/launches.ts'
import { withoutVersion } from '../../../analysis/nsys/names.ts'
import { roundToTenths, writeThousandths } from '../../../analysis/nsys/rounding.ts'
import { summaryOf } from '../../../analysis/summary.ts'
import { syncs } from '../../../analysis/syncs.ts'
import { NONE } from '../../../trace/column.ts'
import { DeviceOpKind } from '../../../trace/tables.ts'
import {
  ON_DEVICE,
  between,
  byDirection,
  byRange,
  counted,
  grouped,
  hasNodes,
  hasOpenRanges,
  hasTwins,
  hasUnnamedCopies,
  hasWholeGraphs,
  isSelfNested,
  ofDeviceWork,
  ofKernels,
  ofRanges,
  opsOf,
  startOf,
  sums,
  theirCalls,
  theirCells,
  theirCounts,
  theirSums,
} from './counterpart-numbers.ts'
import type { Counterpart } from './counterpart-numbers.ts'

export const COUNTERPARTS: readonly Counterpart[] = [
  ...ofDeviceWork('count', 'Instances', (row) => row.count),
  ...ofDeviceWork('totalNs', 'Total Time (ns)', (row) => row.totalNs),
  ...ofDeviceWork('kernelTotalNs', 'Total Time (ns)', (row) => row.totalNs),
  ...ofDeviceWork('medianNs', 'Med (ns)', (row) => roundToTenths(row.medianNs)),
  ...ofDeviceWork('meanNs', 'Avg (ns)', (row) => roundToTenths(row.totalNs / row.count)),
  ...ofDeviceWork('minNs', 'Min (ns)', (row) => row.minNs),
  ...ofDeviceWork('maxNs', 'Max (ns)', (row) => row.maxNs),
  {
    key: 'share',
    report: 'cuda_gpu_sum',
    column: 'Time (%)',
    where: (trace) => !hasWholeGraphs(trace) && !hasUnnamedCopies(trace),
    ours: (trace) => {
      const { kernels: rows, totalNs } = kernels.compute(trace, {})
      return new Map(rows.map((row) => [row.name, roundToTenths((100 * row.totalNs) / totalNs)]))
    },
    theirs: theirCells('Operation', 'Time (%)'),
  },
  {
    key: 'count',
    report: 'nvtx_sum',
    column: 'Instances',
    ours: byRange((row) => row.count),
    theirs: ofRanges('Range', 'Instances'),
  },
  {
    key: 'cpuRangeNs',
    report: 'nvtx_sum',
    column: 'Total Time (ns)',
    where: (trace) => !hasOpenRanges(trace),
    ours: byRange((row) => row.cpuRangeNs),
    theirs: (rows) =>
      new Map([...ofRanges('Range', 'Total Time (ns)')(rows)].filter(([, value]) => value !== 0)),
  },
  {
    key: 'gpuSpanNs',
    report: 'nvtx_gpu_proj_sum',
    column: 'Total Proj Time (ns)',
    where: (trace) => !hasTwins(trace) && !hasOpenRanges(trace) && !hasWholeGraphs(trace),
    ours: byRange((row) => row.gpuSpanNs),
    theirs: ofRanges('Range', 'Total Proj Time (ns)'),
  },
  {
    key: 'kernels',
    report: 'cuda_gpu_kern_sum',
    column: 'Instances',
    ours: (trace) =>
      new Map([['all', summaryOf(trace).devices.reduce((sum, { kernels: count }) => sum + count, 0)]]),
    theirs: (rows) => sums(rows, () => 'all', (row) => Number(row.Instances)), // prettier-ignore
  },
  {
    key: 'kernels',
    report: 'nvtx_kern_sum',
    column: 'Kern Inst',
    where: (trace) => !hasTwins(trace) && !hasOpenRanges(trace) && !isSelfNested(trace),
    ours: byRange((row) => row.kernels),
    theirs: ofRanges('NVTX Range', 'Kern Inst'),
  },
  {
    key: 'iterationWallNs',
    only: 'ours',
    report: 'nvtx_gpu_proj_trace',
    column: 'Projected Duration (ns)',
    where: (trace) => summaryOf(trace).devices.length === 1,
    ours: (trace) =>
      new Map(
        iterationsOf(trace)
          .all.filter(({ spans }) => spans.length > 0)
          .map((one) => [startOf(trace, one.cpuStart), one.wall as number]),
      ),
    theirs: (rows) =>
      new Map(rows.map((row) => [row['Orig Start (ns)']!, Number(row['Projected Duration (ns)'])])),
  },
  {
    key: 'ops',
    report: 'cuda_gpu_trace',
    column: 'Start (ns)',
    where: (trace) => !hasWholeGraphs(trace) && trace.device_op.duration.every((duration) => duration > 0),
    ours: (trace) => new Map([['rows', summaryOf(trace).devices.reduce((sum, { ops }) => sum + ops, 0)]]),
    theirs: (rows) => new Map([['rows', rows.length]]),
  },
  {
    key: 'launches',
    report: 'cuda_kern_exec_trace',
    column: 'API Start (ns)',
    where: (trace) => !hasTwins(trace) && !hasWholeGraphs(trace),
    ours: (trace) => new Map([['all', launches.compute(trace, {}).total.launches]]),
    theirs: (rows) => new Map([['all', theirCalls(rows).length]]),
  },
  {
    key: 'rawNs',
    report: 'cuda_kern_exec_trace',
    column: 'API Dur (ns)',
    where: (trace) => !hasTwins(trace) && !hasWholeGraphs(trace),
    ours: (trace) => new Map([['all', launches.compute(trace, {}).total.rawNs]]),
    theirs: (rows) => sums(theirCalls(rows), () => 'all', (row) => Number(row['API Dur (ns)'])), // prettier-ignore
  },
  {
    key: 'queueMedianNs',
    only: 'theirs',
    report: 'cuda_kern_exec_sum',
    column: 'QMed (ns)',
    where: (trace) => !hasTwins(trace) && !hasNodes(trace) && !hasWholeGraphs(trace),
    ours: (trace) =>
      new Map(
        launches
          .compute(trace, {})
          .byKernel.map((row) => [
            row.name,
            row.queueMedianNs === null ? '' : roundToTenths(row.queueMedianNs),
          ]),
      ),
    // Kernels that one call and one thread launched: others stand in several rows.
    theirs: (rows) =>
      new Map(
        [...grouped(rows, (row) => row['Kernel Name']!)]
          .filter(([, of]) => of.length === 1)
          .map(([name, [row]]) => [name, row!['QMed (ns)'] === '' ? '' : Number(row!['QMed (ns)'])]),
      ),
  },
  {
    key: 'launch',
    report: 'cuda_kern_exec_trace',
    column: 'API Start (ns)',
    where: (trace) => !hasTwins(trace),
    ours: (trace) =>
      counted(
        opsOf(trace, [DeviceOpKind.kernel])
          .filter((op) => (trace.device_op.launch?.[op] ?? NONE) !== NONE)
          .map((op) => {
            const call = trace.device_op.launch![op]!
            return `${startOf(trace, trace.device_op.start[op]!)} | ${startOf(trace, trace.api_call.start[call]!)}`
          }),
      ),
    theirs: theirCounts('Kernel Start (ns)', 'API Start (ns)'),
  },
  {
    key: 'startNs',
    report: 'cuda_gpu_trace',
    column: 'Start (ns)',
    ours: (trace) => counted(opsOf(trace, ON_DEVICE).map((op) => startOf(trace, trace.device_op.start[op]!))),
    theirs: theirCounts('Start (ns)'),
  },
  {
    key: 'correlation',
    report: 'cuda_gpu_trace',
    column: 'CorrId',
    ours: (trace) =>
      counted(opsOf(trace, ON_DEVICE).map((op) => String(trace.device_op.correlation?.[op] ?? ''))),
    theirs: theirCounts('CorrId'),
  },
  ofKernels('registers', 'Reg/Trd', (trace, op) => String(trace.device_op.registers![op])),
  ofKernels('staticShared', 'StcSMem (MB)', (trace, op) =>
    writeThousandths(trace.device_op.staticShared![op]! / 1e6),
  ),
  ofKernels('dynamicShared', 'DymSMem (MB)', (trace, op) =>
    writeThousandths(trace.device_op.dynamicShared![op]! / 1e6),
  ),
  {
    key: 'bytes',
    report: 'cuda_gpu_mem_size_sum',
    column: 'Total (MB)',
    ours: byDirection((rows) => rows.reduce((sum, { bytes }) => sum + bytes, 0)),
    theirs: theirCells('Operation', 'Total (MB)'),
  },
  {
    key: 'largest',
    report: 'cuda_gpu_mem_size_sum',
    column: 'Max (MB)',
    ours: byDirection((rows) => Math.max(...rows.map(({ largest }) => largest))),
    theirs: theirCells('Operation', 'Max (MB)'),
  },
  between('from', 'SrcMemKd'),
  between('to', 'DstMemKd'),
  {
    key: 'name',
    report: 'cuda_gpu_kern_sum',
    column: 'Name',
    ours: (trace) => counted(kernels.compute(trace, {}).kernels.filter(({ kind }) => kind === 'kernel').map(({ name }) => name)), // prettier-ignore
    theirs: theirCounts('Name'),
  },
  {
    key: 'totalNs',
    only: 'ours',
    report: 'cuda_api_sum',
    column: 'Total Time (ns)',
    where: (trace) => !hasTwins(trace),
    ours: (trace) =>
      sums(syncs.compute(trace, {}).syncs, (row) => withoutVersion(row.name), (row) => row.totalNs), // prettier-ignore
    theirs: theirSums('Name', 'Total Time (ns)'),
  },
]
