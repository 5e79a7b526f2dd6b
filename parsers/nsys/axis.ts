/**
 * The time axis of an export. nsys counts nanoseconds from its session's zero, and that axis is kept, so that a time reads
 * the same in both tools. With --ts-normalize the times are since 1970 (~1.8e18, where a double is only good to 256 ns):
 * then a base is subtracted while reading, in integers, and the first event becomes zero.
 */
import { NONE_I64 } from '../../trace/column.ts'
import { tableFrom, StringPool } from '../../trace/builder.ts'
import { columnsOf } from '../../trace/table.ts'
import { specOf, tableNames } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ColumnSource } from '../sqlite/column-source.ts'
import { LIBRARIES } from './library-calls.ts'

/** Beyond this a time is taken as epoch-sized: 2^51 ns = 26 days. */
const FAR = 2n ** 51n

/** Usually short tables first: the first that holds a time tells. Time 0 is no time: it was not collected. */
const TIMED = [
  'CUPTI_ACTIVITY_KIND_MEMSET',
  'CUPTI_ACTIVITY_KIND_MEMCPY',
  'CUPTI_ACTIVITY_KIND_GRAPH_TRACE',
  'PROFILER_OVERHEAD',
  'NVTX_EVENTS',
  'OSRT_API',
  'CUPTI_ACTIVITY_KIND_KERNEL',
  'CUPTI_ACTIVITY_KIND_RUNTIME',
  'CUPTI_ACTIVITY_KIND_SYNCHRONIZATION',
  'CUPTI_ACTIVITY_KIND_OVERHEAD',
  'CUDA_GPU_MEMORY_USAGE_EVENTS',
  'GPU_METRICS',
  ...LIBRARIES.map(([table]) => table),
]

/** What must be subtracted from the source's times: 0, or a time near them all. */
export function axisOf(source: ColumnSource): bigint {
  for (const table of TIMED) {
    const wanted = { start: 'i64?', timestamp: 'i64?' } as const
    const { start, timestamp } = source.read(table, wanted, { base: 0n, pool: new StringPool() }).columns
    const times = start ?? timestamp
    const told = times?.filter((time) => time !== NONE_I64 && time !== 0n)
    if (told === undefined || told.length === 0) continue
    // One row alone may be far off, such as a domain created long before the capture, or lack its date: most tell.
    const far = told.filter((time) => time > FAR || time < -FAR)
    return 2 * far.length > told.length ? far[0]! : 0n
  }
  return 0n
}

/** The trace with every time moved so that its first device op, call or range is at 0. */
export function shiftToFirstEvent(trace: Trace): Trace {
  const firsts = [trace.device_op, trace.api_call, trace.range, trace.os_call].map(
    (table) => table.start[0] ?? Infinity,
  )
  const first = Math.min(...firsts)
  if (!Number.isFinite(first) || first === 0) return trace
  const moved: Record<string, unknown> = {}
  for (const name of tableNames) {
    const spec = specOf(name)
    const contents = trace[name]
    const time = 'start' in spec.columns ? 'start' : 'time' in spec.columns ? 'time' : undefined
    if (time === undefined) continue
    const columns = columnsOf(spec, contents)
    if (columns[time] === undefined) continue
    const shifted = (columns[time] as Float64Array).map((value) => value - first)
    moved[name] = tableFrom(spec, { ...columns, [time]: shifted }, contents.length)
  }
  return {
    ...trace,
    ...moved,
    meta: { ...trace.meta, originNs: String(BigInt(trace.meta.originNs) + BigInt(first)) },
  }
}
