/** NVTX_EVENTS and the tables of library calls → range and mark, each sorted by time. */
import { isOptional, newArray, NONE, permuted, sentinelOf } from '../../trace/column.ts'
import { tableFrom } from '../../trace/builder.ts'
import { columnOf } from '../../trace/table.ts'
import { mark, MarkKind, range, RangeStyle } from '../../trace/tables.ts'
import type { TableOf } from '../../trace/table.ts'
import { ascendingOrder } from '../order.ts'
import { nestRanges } from '../../trace/containment.ts'
import { NVTX } from './enums.ts'
import type { ImportState } from './import-state.ts'
import { readLibraryCalls } from './library-calls.ts'
import { nvtxColumns, readNvtx } from './nvtx-columns.ts'
import type { Nvtx } from './nvtx-columns.ts'
import { inOrder } from './rows.ts'
import type { ColumnSet } from './rows.ts'

const STYLE: Partial<Record<number, number>> = {
  [NVTX.pushPop]: RangeStyle.pushPop,
  [NVTX.textPushPop]: RangeStyle.pushPop,
  [NVTX.startEnd]: RangeStyle.startEnd,
  [NVTX.textStartEnd]: RangeStyle.startEnd,
}

const MARK: Partial<Record<number, number>> = {
  [NVTX.mark]: MarkKind.mark,
  [NVTX.category]: MarkKind.category,
  [NVTX.threadName]: MarkKind.threadName,
  [NVTX.domainCreate]: MarkKind.domainCreate,
  [NVTX.domainDestroy]: MarkKind.domainDestroy,
}

/** Some ranges are open when a capture stops: a few on each thread. More tell of a program that forgets to close them. */
const MANY_OPEN = 100

export interface RangesAndMarks {
  range: TableOf<typeof range>
  mark: TableOf<typeof mark>
}

/** Reads every range and mark. `captureEnd` is asked where a range never ended: it ends there (and is marked open). */
export function readRanges(state: ImportState, captureEnd: (lastRange: number) => number): RangesAndMarks {
  const read = readNvtx(state)
  const columns = nvtxColumns(state, read)
  const rows = sortOut(state, read)
  const type = read.columns.eventType ?? new Uint8Array(read.length)
  const time = read.columns.start ?? new Float64Array(read.length)
  const { endThread: _, ...ofMarks } = columns
  const marks: ColumnSet = { ...ofMarks, time, kind: type.map((one) => MARK[one] ?? 0) }
  const order = permuted(rows.marks, ascendingOrder(permuted(time, rows.marks)))
  const calls = readLibraryCalls(state)
  const ranges: ColumnSet = inOrder(
    { ...columns, ...spansOf(read), style: type.map((one) => STYLE[one] ?? 0), eventType: type },
    rows.ranges,
  )
  const all = calls.length === 0 ? ranges : followedBy(ranges, rows.ranges.length, calls)
  return {
    range: nested(closed(state, all, captureEnd)),
    mark: tableFrom(mark, inOrder(marks, order), order.length),
  }
}

/** Which rows are ranges and which are marks, in the file's order; the others are counted as skipped. */
function sortOut(
  state: ImportState,
  { columns: c, length }: Nvtx,
): { ranges: Uint32Array; marks: Uint32Array } {
  const ranges = new Uint32Array(length)
  const marks = new Uint32Array(length)
  let [rangeCount, markCount] = [0, 0]
  for (let i = 0; i < length; i++) {
    const start = c.start?.[i] ?? NaN
    const type = c.eventType?.[i] ?? 0
    const why =
      start !== start
        ? 'without a start on the time axis of the others'
        : STYLE[type] === undefined && MARK[type] === undefined
          ? `of type ${type}, which is neither a range nor a mark`
          : STYLE[type] !== undefined && (c.end?.[i] ?? NaN) < start
            ? 'ending before it starts'
            : undefined
    if (why !== undefined) state.skip('NVTX_EVENTS', 1, why)
    else if (STYLE[type] === undefined) marks[markCount++] = i
    else ranges[rangeCount++] = i
  }
  return { ranges: ranges.slice(0, rangeCount), marks: marks.slice(0, markCount) }
}

/** Starts and durations; a range that never ended is open, of a duration that is not known yet (NaN). */
function spansOf({ columns: c, length }: Nvtx): ColumnSet {
  const start = c.start ?? new Float64Array(length)
  const duration = new Float64Array(length)
  const open = new Uint8Array(length)
  for (let i = 0; i < length; i++) {
    duration[i] = (c.end?.[i] ?? NaN) - start[i]!
    if (duration[i] !== duration[i]) open[i] = 1
  }
  return { start, duration, open }
}

/** The ranges of `columns`, then those of a table of library calls. */
function followedBy(columns: ColumnSet, length: number, calls: TableOf<typeof range>): ColumnSet {
  const all: ColumnSet = {}
  for (const [name, type] of Object.entries(range.columns)) {
    const ofCalls = columnOf(calls, name) as Float64Array | undefined
    if (columns[name] === undefined && ofCalls === undefined) continue
    const both = newArray(type, length + calls.length) as Float64Array
    if (isOptional(type)) both.fill(sentinelOf(type) as never)
    both.set((columns[name] as Float64Array | undefined) ?? [])
    both.set(ofCalls ?? [], length)
    all[name] = both
  }
  return all
}

/** Gives open ranges their end, and those of no told thread the thread that stands for it. */
function closed(
  state: ImportState,
  columns: ColumnSet,
  captureEnd: (lastRange: number) => number,
): ColumnSet {
  const start = columns.start as Float64Array
  const duration = columns.duration as Float64Array
  const open = columns.open as Uint8Array
  const thread = columns.thread as Uint32Array
  let last = -Infinity
  let opened = 0
  for (let i = 0; i < start.length; i++) {
    if (thread[i] === NONE) thread[i] = state.noThreadRow()
    if (open[i] === 1) opened++
    last = Math.max(last, start[i]! + (open[i] === 1 ? 0 : duration[i]!))
  }
  if (opened === 0) return columns
  if (opened > MANY_OPEN)
    state.warnings.push(
      `${opened} ranges never ended (pushed, but not popped?): each reaches to the end of the capture and holds all that follows on its thread.`,
    )
  const end = captureEnd(last)
  for (let i = 0; i < start.length; i++) if (open[i] === 1) duration[i] = Math.max(0, end - start[i]!)
  return columns
}

/** Sorted by (start, longest first, source order), with parents and depths. */
function nested(ranges: ColumnSet): TableOf<typeof range> {
  const order = ascendingOrder(ranges.start as Float64Array)
  longestFirst(order, ranges.start as Float64Array, ranges.duration as Float64Array)
  const columns = inOrder(ranges, order)
  const { parent, depth } = nestRanges({
    start: columns.start as Float64Array,
    duration: columns.duration as Float64Array,
    thread: columns.thread as Uint32Array,
  })
  return tableFrom(range, { ...columns, parent, depth }, order.length)
}

/** Sorts the rows of each start, which stand together, by duration. */
function longestFirst(order: Uint32Array, start: Float64Array, duration: Float64Array): void {
  for (let from = 0, to = 1; from < order.length; from = to++) {
    while (to < order.length && start[order[to]!] === start[order[from]!]) to++
    if (to - from > 1) order.subarray(from, to).sort((a, b) => duration[b]! - duration[a]! || a - b)
  }
}
