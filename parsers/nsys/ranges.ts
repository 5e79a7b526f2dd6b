/**
 * NVTX_EVENTS and library-call tables → range and mark.
 *
 * A name is the registered string (textId), else the text, else what the JSON payload calls it, else nothing. A domain's
 * name is that of its type-75 row with the same domain id and process (the earliest; newer captures put it in textId).
 */
import { NONE, NONE_I64 } from '../../trace/column.ts'
import { TableBuilder, tableFrom } from '../../trace/builder.ts'
import { mark, MarkKind, range, RangeStyle } from '../../trace/tables.ts'
import type { TableOf } from '../../trace/table.ts'
import { ascendingOrder } from '../order.ts'
import { nestRanges } from '../containment.ts'
import { NVTX } from './enums.ts'
import type { ImportState } from './import-state.ts'
import { inOrder } from './rows.ts'
import type { ColumnSet } from './rows.ts'

const WANTED = {
  start: 'ns?',
  end: 'ns?',
  eventType: 'u8?',
  rangeId: 'f64?',
  category: 'u32?',
  color: 'i64?',
  text: 'string?',
  globalTid: 'i64?',
  endGlobalTid: 'i64?',
  textId: 'u32?',
  domainId: 'u32?',
  uint64Value: 'f64?',
  int64Value: 'f64?',
  doubleValue: 'f64?',
  uint32Value: 'f64?',
  int32Value: 'f64?',
  floatValue: 'f64?',
  jsonTextId: 'u32?',
  jsonText: 'string?',
} as const

/** Tables of library calls that older captures keep apart; newer ones have them as NVTX ranges in domains. */
const LIBRARIES = [
  ['CUBLAS_EVENTS', 'cuBLAS', 'nameId'],
  ['CUDNN_EVENTS', 'cuDNN', 'nameId'],
  ['MPI_P2P_EVENTS', 'MPI', 'textId'],
  ['MPI_COLLECTIVES_EVENTS', 'MPI', 'textId'],
  ['MPI_START_WAIT_EVENTS', 'MPI', 'textId'],
  ['MPI_OTHER_EVENTS', 'MPI', 'textId'],
  ['OPENACC_LAUNCH_EVENTS', 'OpenACC', 'nameId'],
  ['OPENACC_DATA_EVENTS', 'OpenACC', 'nameId'],
  ['OPENACC_OTHER_EVENTS', 'OpenACC', 'nameId'],
] as const

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

type NvtxColumns = ReturnType<typeof readNvtx>['columns']

export interface RangesAndMarks {
  range: TableOf<typeof range>
  mark: TableOf<typeof mark>
}

/** Reads every range and mark. `captureEnd` closes what never ended (and marks it open). */
export function readRanges(state: ImportState, captureEnd: (lastRange: number) => number): RangesAndMarks {
  const read = readNvtx(state)
  const ranges = new TableBuilder(range)
  const marks = new TableBuilder(mark)
  const open: number[] = []
  let last = -Infinity
  const names = new NvtxNames(state, read)
  for (let i = 0; i < read.length; i++) {
    const start = read.columns.start?.[i] ?? NaN
    const type = read.columns.eventType?.[i] ?? 0
    if (Number.isNaN(start)) {
      state.skip('NVTX_EVENTS', 1, 'without a start')
      continue
    }
    const common = names.of(i)
    const style = STYLE[type]
    if (style === undefined) {
      const kind = MARK[type]
      if (kind === undefined)
        state.skip('NVTX_EVENTS', 1, `of type ${type}, which is neither a range nor a mark`)
      else marks.add({ time: start, kind, thread: names.thread(i), ...common })
      continue
    }
    const end = read.columns.end?.[i] ?? NaN
    if (end < start) {
      state.skip('NVTX_EVENTS', 1, 'ending before it starts')
      continue
    }
    last = Math.max(last, start, Number.isNaN(end) ? start : end)
    const row = ranges.add({
      start,
      duration: end - start,
      open: Number.isNaN(end) ? 1 : 0,
      style,
      thread: names.thread(i) ?? state.noThreadRow(),
      endThread: names.endThread(i),
      eventType: type,
      depth: 0,
      ...common,
    })
    if (Number.isNaN(end)) open.push(row)
  }
  last = addLibraryCalls(state, ranges, last)
  const close = captureEnd(last)
  for (const row of open) ranges.set(row, 'duration', Math.max(0, close - ranges.value(row, 'start')!))
  return { range: nested(ranges), mark: byTime(marks) }
}

function readNvtx(state: ImportState) {
  return state.read('NVTX_EVENTS', WANTED)
}

/** Names, domains, threads and payloads of NVTX rows. */
class NvtxNames {
  readonly #state: ImportState
  readonly #columns: NvtxColumns
  readonly #rowid: Float64Array
  readonly #threads: Uint32Array | undefined
  readonly #endThreads: Uint32Array | undefined
  readonly #domains = new Map<string, number>()
  readonly #categories = new Map<string, number>()

  constructor(state: ImportState, read: ReturnType<typeof readNvtx>) {
    this.#state = state
    this.#columns = read.columns
    this.#rowid = read.rowid
    const { globalTid, endGlobalTid, eventType } = read.columns
    this.#threads = globalTid && state.identities.threadsOf(globalTid)
    this.#endThreads = endGlobalTid?.some((id) => id !== NONE_I64)
      ? state.identities.threadsOf(endGlobalTid)
      : undefined
    for (let i = 0; i < read.length; i++) {
      const type = eventType?.[i]
      if (type !== NVTX.domainCreate && type !== NVTX.category) continue
      const text = this.#text(i)
      const names = type === NVTX.domainCreate ? this.#domains : this.#categories
      const key =
        type === NVTX.domainCreate
          ? this.#domainKey(i)
          : `${this.#domainKey(i)}/${read.columns.category?.[i]}`
      if (text !== NONE && !names.has(key)) names.set(key, text)
    }
  }

  of(i: number) {
    const c = this.#columns
    const domainId = defined(c.domainId?.[i])
    const category = c.category?.[i]
    return {
      name: defined(this.#text(i)),
      newerName: this.#isNewerName(i) ? 1 : undefined,
      domain: this.#domains.get(this.#domainKey(i)),
      domainId,
      category:
        category === undefined || category === NONE || category === 0
          ? undefined
          : this.#categories.get(`${this.#domainKey(i)}/${category}`),
      color: c.color === undefined || c.color[i] === NONE_I64 ? undefined : Number(c.color[i]! & 0xffffffffn),
      payload: this.#payload(i),
      sourceRow: this.#rowid[i]!,
    }
  }

  thread(i: number): number | undefined {
    return this.#columns.globalTid?.[i] === NONE_I64 ? undefined : this.#threads?.[i]
  }

  endThread(i: number): number | undefined {
    return this.#columns.endGlobalTid?.[i] === NONE_I64 ? undefined : this.#endThreads?.[i]
  }

  #domainKey(i: number): string {
    const thread = this.thread(i)
    const { threads } = this.#state.identities
    const process = thread === undefined ? -1 : threads.value(thread, 'process')
    const domain = this.#columns.domainId?.[i]
    return `${process}/${domain === undefined || domain === NONE ? 0 : domain}`
  }

  #text(i: number): number {
    const c = this.#columns
    const id = c.textId?.[i]
    if (id !== undefined && id !== NONE) return this.#state.names.nameOf(id)
    const text = c.text?.[i]
    if (text !== undefined && text !== NONE) return text
    return this.#nameInJson(i)
  }

  /** Whether nsys 2023.4 sees no name here: it looks for neither a domain's registered string nor a payload's name. */
  #isNewerName(i: number): boolean {
    const c = this.#columns
    const isRegistered = (c.textId?.[i] ?? NONE) !== NONE
    if (c.eventType?.[i] === NVTX.domainCreate) return isRegistered
    return !isRegistered && (c.text?.[i] ?? NONE) === NONE && this.#text(i) !== NONE
  }

  /** TensorRT names its layers only inside a JSON payload. */
  #nameInJson(i: number): number {
    const c = this.#columns
    const id = c.jsonTextId?.[i]
    const index = id !== undefined && id !== NONE ? this.#state.names.nameOf(id) : (c.jsonText?.[i] ?? NONE)
    if (index === NONE) return NONE
    try {
      const payload: unknown = JSON.parse(this.#state.pool.strings[index]!)
      if (typeof payload !== 'object' || payload === null) return NONE
      const entries = Object.entries(payload)
      const name = entries.find(([key, value]) => /^(layer)?name$/i.test(key) && typeof value === 'string')
      return name === undefined ? NONE : this.#state.pool.intern(String(name[1]))
    } catch {
      return NONE
    }
  }

  #payload(i: number): number | undefined {
    const c = this.#columns
    for (const column of [
      c.uint64Value,
      c.int64Value,
      c.doubleValue,
      c.uint32Value,
      c.int32Value,
      c.floatValue,
    ]) {
      const value = column?.[i]
      if (value !== undefined && !Number.isNaN(value)) return value
    }
    return undefined
  }
}

const defined = (index: number | undefined): number | undefined =>
  index === undefined || index === NONE ? undefined : index

function addLibraryCalls(
  state: ImportState,
  ranges: TableBuilder<typeof range.columns>,
  last: number,
): number {
  for (const [table, category, nameColumn] of LIBRARIES) {
    if (!state.has(table)) continue
    const read = state.read(table, {
      start: 'ns?',
      end: 'ns?',
      globalTid: 'i64?',
      nameId: 'u32?',
      textId: 'u32?',
    })
    const c = read.columns
    const threads = c.globalTid && state.identities.threadsOf(c.globalTid)
    for (let i = 0; i < read.length; i++) {
      const start = c.start?.[i] ?? NaN
      const end = c.end?.[i] ?? NaN
      if (!(end >= start)) {
        state.skip(table, 1, 'without a start or an end')
        continue
      }
      last = Math.max(last, end)
      ranges.add({
        start,
        duration: end - start,
        open: 0,
        style: RangeStyle.other,
        thread: threads?.[i] ?? state.noThreadRow(),
        name: defined(state.names.nameOf(c[nameColumn]?.[i] ?? NONE)),
        category: state.pool.intern(category),
        depth: 0,
        sourceRow: read.rowid[i]!,
      })
    }
  }
  return last
}

/** Sorted by (start, longest first, source order), with parents and depths. */
function nested(builder: TableBuilder<typeof range.columns>): TableOf<typeof range> {
  const table = builder.finish()
  let order = ascendingOrder(table.duration.map((d) => -d))
  order = ascendingOrder(table.start, order)
  const { length, ...rest } = table
  const columns: ColumnSet = inOrder(rest, order)
  const { parent, depth } = nestRanges({
    start: columns.start as Float64Array,
    duration: columns.duration as Float64Array,
    thread: columns.thread as Uint32Array,
  })
  return tableFrom(range, { ...columns, parent, depth }, length)
}

function byTime(builder: TableBuilder<typeof mark.columns>): TableOf<typeof mark> {
  const table = builder.finish()
  const { length, ...rest } = table
  return tableFrom(mark, inOrder(rest, ascendingOrder(table.time)), length)
}
