/** Every kernel, copy and set, by start. */
import { NONE, NONE_U8 } from '../../trace/column.ts'
import { DeviceOpKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { COPY_LABELS, GPU_WORK, MEMCPY, MEMORY_LABELS, MEMSET } from './needs.ts'
import { integers, report, texts, thousandths } from './report.ts'
import type { Cell } from './report.ts'
import { sourceTimes } from './source-time.ts'
import { deviceOfOp, hasLabel, memoryLabels, opName, workRows } from './work-rows.ts'

const BYTES_PER_MB = 1e6

export const cudaGpuTrace = report({
  id: 'cuda_gpu_trace',
  title: 'GPU trace',
  kind: 'report',
  needs: [
    { anyOf: GPU_WORK },
    { table: 'StringIds' },
    { table: COPY_LABELS, ifAny: [MEMCPY] },
    { table: MEMORY_LABELS, ifAny: [MEMCPY, MEMSET] },
    { table: 'TARGET_INFO_GPU' },
    { column: 'greenContextId', of: GPU_WORK },
  ],
  parameters: {},
  columns: [
    ...integers('Start (ns)', 'Duration (ns)', 'CorrId'),
    ...integers('GrdX', 'GrdY', 'GrdZ', 'BlkX', 'BlkY', 'BlkZ', 'Reg/Trd'),
    ...thousandths('StcSMem (MB)', 'DymSMem (MB)', 'Bytes (MB)', 'Throughput (MB/s)'),
    ...texts('SrcMemKd', 'DstMemKd', 'Device'),
    ...integers('Ctx', 'GreenCtx', 'Strm'),
    ...texts('Name'),
  ],
  rows: (trace) => {
    const { device_op: ops, stream } = trace
    const rows = workRows(trace)
    const isLabelled = hasLabel(trace)
    const time = sourceTimes(trace)
    const device = deviceNames(trace)
    const memory = memoryLabels(trace)
    const u32 = (column: Uint32Array | undefined, op: number): Cell => {
      const value = column?.[op]
      return value === undefined || value === NONE ? null : value
    }
    const megabytes = (column: Uint32Array | undefined, op: number): Cell => {
      const value = u32(column, op)
      return value === null ? null : Number(value) / BYTES_PER_MB
    }
    const kindOf = (column: Uint8Array | undefined, op: number): string | null =>
      memory(column?.[op] ?? NONE_U8)
    return {
      length: rows.length,
      row: (index) => {
        const op = rows[index]!
        const lane = ops.stream[op]!
        const isKernel = ops.kind[op] === DeviceOpKind.kernel
        const isSet = ops.kind[op] === DeviceOpKind.set
        return [
          time(ops.start[op]!),
          ops.duration[op]!,
          u32(ops.correlation, op),
          u32(ops.gridX, op),
          u32(ops.gridY, op),
          u32(ops.gridZ, op),
          u32(ops.blockX, op),
          u32(ops.blockY, op),
          u32(ops.blockZ, op),
          u32(ops.registers, op),
          megabytes(ops.staticShared, op),
          megabytes(ops.dynamicShared, op),
          isKernel ? null : ops.bytes![op]! / BYTES_PER_MB,
          isKernel ? null : throughput(ops.bytes![op]!, ops.duration[op]!),
          isKernel ? null : kindOf(isSet ? ops.memoryKind : ops.srcKind, op),
          isKernel || isSet ? null : kindOf(ops.dstKind, op),
          device(deviceOfOp(trace, op)),
          stream.context[lane]!,
          u32(stream.greenContext, lane) || null,
          stream.id[lane]!,
          isLabelled(op) ? opName(trace, op) : null,
        ]
      },
    }
  },
})

/** MB/s as nsys has it: bytes · ⌊10⁹ / duration⌋, a whole number of copies a second, so 0 from one second on. */
const throughput = (bytes: number, durationNs: number): number | null =>
  durationNs === 0 ? null : (bytes * Math.floor(1e9 / durationNs)) / BYTES_PER_MB

/** "NVIDIA A40 (0)": by the file's device number, even where that numbers another GPU than the list of GPUs does. */
function deviceNames(trace: Trace): (id: number) => string {
  const { device, strings } = trace
  const known = new Map<number, string>()
  for (let row = 0; row < device.length; row++) {
    const name = device.name?.[row] ?? NONE
    known.set(device.id[row]!, `${name === NONE ? '' : strings[name]!} (${device.id[row]})`)
  }
  return (id) => known.get(id) ?? ` (${id})`
}
