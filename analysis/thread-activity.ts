/**
 * What a thread was doing, as disjoint segments: the innermost API call, waiting OS calls, profiler overhead, loading.
 *
 *   api    |--- cudaMalloc ---|         nested calls: the inner one owns its stretch
 *              |-cuMemAlloc-|
 *   flat   |aa|bbbbbbbbbbbbbb|aa|
 */
import { NONE } from '../trace/column.ts'
import { OverheadSource } from '../trace/tables.ts'
import type { Trace } from '../trace/trace.ts'
import { waitsInOs } from './api-kind.ts'
import { derived } from './derived.ts'

/** Disjoint segments in ascending order; `row` says of which source row. */
export interface Segments {
  start: Float64Array
  end: Float64Array
  row: Uint32Array
}

export interface ThreadActivity {
  api: Segments
  os: Segments
  profiler: Segments
  loading: Segments
}

const NOTHING: Segments = { start: new Float64Array(0), end: new Float64Array(0), row: new Uint32Array(0) }
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
  activities(trace)[thread] ?? { api: NOTHING, os: NOTHING, profiler: NOTHING, loading: NOTHING }

const activities = derived((trace): readonly ThreadActivity[] => {
  const { api_call: api, os_call: os, overhead, strings } = trace
  const waits = new Map<number, boolean>()
  const isWait = (name: number): boolean => {
    let known = waits.get(name)
    if (known === undefined) waits.set(name, (known = waitsInOs(strings[name]!)))
    return known
  }
  const threads = trace.thread.length
  const apis = rowsByThread(threads, api, api.thread, (i) => api.eventClass?.[i] !== BACKTRACE)
  const oss = rowsByThread(
    threads,
    os,
    os.thread,
    (i) => (os.eventClass === undefined || os.eventClass[i] === OS_CALL) && isWait(os.name[i]!),
  )
  const overheadThread = overhead.thread ?? new Uint32Array(overhead.length).fill(NONE)
  const profilers = rowsByThread(threads, overhead, overheadThread, (i) => isProfilerOverhead(trace, i))
  const loadings = rowsByThread(threads, overhead, overheadThread, (i) => isLoading(trace, i))
  return Array.from({ length: threads }, (_, thread) => ({
    api: flatten(api, apis[thread]!),
    os: flatten(os, oss[thread]!),
    profiler: flatten(overhead, profilers[thread]!),
    loading: flatten(overhead, loadings[thread]!),
  }))
})

function rowsByThread(
  threads: number,
  table: { length: number },
  thread: Uint32Array,
  wanted: (row: number) => boolean,
): Uint32Array[] {
  const counts = new Uint32Array(threads)
  for (let i = 0; i < table.length; i++) if (thread[i]! < threads && wanted(i)) counts[thread[i]!]!++
  const rows = Array.from(counts, (count) => new Uint32Array(count))
  counts.fill(0)
  for (let i = 0; i < table.length; i++)
    if (thread[i]! < threads && wanted(i)) rows[thread[i]!]![counts[thread[i]!]!++] = i
  return rows
}

interface Spans {
  start: Float64Array
  duration: Float64Array
}

/** Start-sorted, nested spans as disjoint segments, the innermost (latest started) on top. */
export function flatten(table: Spans, rows: Uint32Array): Segments {
  // Each span begins one segment and, where it is left for its end or an inner one's, one more.
  const start = new Float64Array(2 * rows.length)
  const end = new Float64Array(2 * rows.length)
  const row = new Uint32Array(2 * rows.length)
  let n = 0
  const stack: number[] = []
  let now = -Infinity
  const endOf = (r: number): number => table.start[r]! + table.duration[r]!
  const emit = (until: number, r: number): void => {
    if (until > now) {
      start[n] = now
      end[n] = until
      row[n++] = r
      now = until
    }
  }
  const advance = (until: number): void => {
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!
      emit(Math.min(until, endOf(top)), top)
      if (endOf(top) > until) return
      stack.pop()
    }
  }
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i]!
    const at = table.start[r]!
    advance(at)
    if (at > now) now = at
    stack.push(r)
  }
  advance(Infinity)
  return { start: start.slice(0, n), end: end.slice(0, n), row: row.slice(0, n) }
}

/** Index of the first segment that ends after `time`. */
export function firstEndingAfter(segments: Segments, time: number): number {
  let low = 0
  let high = segments.end.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (segments.end[middle]! > time) high = middle
    else low = middle + 1
  }
  return low
}
