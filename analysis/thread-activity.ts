/**
 * What a thread was doing, as disjoint segments: the innermost API call, waiting OS calls, profiler overhead, loading.
 */
import { NONE } from '../trace/column.ts'
import { OverheadSource } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { waitsInOs } from './api-kind.ts'
import { derived } from './derived.ts'
import { innermost, NO_SEGMENTS } from './innermost.ts'
import type { Segments } from './innermost.ts'

export interface ThreadActivity {
  api: Segments
  os: Segments
  profiler: Segments
  loading: Segments
}

const BACKTRACE = 67
const OS_CALL = 27

/** Rows of profiler overhead: PROFILER_OVERHEAD, and CUPTI's buffer flush, instrumentation and resource rows (3–5). */
export function isProfilerOverhead(trace: Trace, row: number): boolean {
  const { overhead, strings } = trace
  if (overhead.source[row] === OverheadSource.profiler) return true
  const type = overhead.type?.[row] ?? 0
  if (type >= 3 && type <= 5) return true
  return (
    type === 0 &&
    /^(CUPTI|Buffer flush|Instrumentation|Resource)/i.test(nameOf(strings, overhead.name?.[row]))
  )
}

/** Rows of module and function loading (6, 7; by name where an older report has no type). */
export function isLoading(trace: Trace, row: number): boolean {
  const { overhead, strings } = trace
  const type = overhead.type?.[row] ?? 0
  return type === 6 || type === 7 || /(module|function) loading/i.test(nameOf(strings, overhead.name?.[row]))
}

/** Rows of "the launch queue is full": the call waits for the device, which is busy. */
export function isQueueFull(trace: Trace, row: number): boolean {
  const { overhead, strings } = trace
  return overhead.type?.[row] === 8 || /command buffer full/i.test(nameOf(strings, overhead.name?.[row]))
}

const nameOf = (strings: readonly string[], name: number | undefined): string =>
  name === undefined || name === NONE ? '' : strings[name]!

/** The activity of a thread row. */
export const activityOf = (trace: Trace, thread: number): ThreadActivity =>
  activities(trace)[thread] ?? {
    api: NO_SEGMENTS,
    os: NO_SEGMENTS,
    profiler: NO_SEGMENTS,
    loading: NO_SEGMENTS,
  }

const activities = derived((trace): readonly ThreadActivity[] => {
  const { api_call: api, os_call: os, overhead } = trace
  const threads = trace.thread.length
  const overheadThread = overhead.thread ?? new Uint32Array(overhead.length).fill(NONE)
  const apis = rowsByThread(threads, api.thread, noBacktraces(trace))
  const oss = rowsByThread(threads, os.thread, osWaits(trace))
  const profilers = rowsByThread(
    threads,
    overheadThread,
    flags(overhead.length, (i) => isProfilerOverhead(trace, i)),
  )
  const loadings = rowsByThread(
    threads,
    overheadThread,
    flags(overhead.length, (i) => isLoading(trace, i)),
  )
  return Array.from({ length: threads }, (_, thread) => ({
    api: innermost(api, apis[thread]!),
    os: innermost(os, oss[thread]!),
    profiler: innermost(overhead, profilers[thread]!),
    loading: innermost(overhead, loadings[thread]!),
  }))
})

/** 1 where a row of api_call is a call and no backtrace of one; undefined where all are. */
function noBacktraces({ api_call: { eventClass } }: Trace): Uint8Array | undefined {
  if (eventClass === undefined || !eventClass.includes(BACKTRACE)) return undefined
  return flags(eventClass.length, (i) => eventClass[i] !== BACKTRACE)
}

/** 1 where a row of os_call is a call that waits. */
function osWaits({ os_call: { name, eventClass }, strings }: Trace): Uint8Array {
  const known = new Map<number, boolean>()
  return flags(name.length, (i) => {
    if (eventClass !== undefined && eventClass[i] !== OS_CALL) return false
    let waits = known.get(name[i]!)
    if (waits === undefined) known.set(name[i]!, (waits = waitsInOs(strings[name[i]!]!)))
    return waits
  })
}

function flags(length: number, test: (row: number) => boolean): Uint8Array {
  const wanted = new Uint8Array(length)
  for (let row = 0; row < length; row++) if (test(row)) wanted[row] = 1
  return wanted
}

function rowsByThread(threads: number, thread: Uint32Array, wanted: Uint8Array | undefined): Uint32Array[] {
  const counts = new Uint32Array(threads)
  for (let i = 0; i < thread.length; i++)
    if (thread[i]! < threads && (wanted === undefined || wanted[i] === 1)) counts[thread[i]!]!++
  const rows = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let i = 0; i < thread.length; i++)
    if (thread[i]! < threads && (wanted === undefined || wanted[i] === 1))
      rows[thread[i]!]![counts[thread[i]!]!++] = i
  return rows
}
