/**
 * NVTX ranges as nsys' reports take them: types 59 and 70 are push/pop, 60 and 71 start/end; an open range ends with the
 * last NVTX time of the file; a name carries its domain.
 */
import { NONE } from '../../trace/column.ts'
import { MarkKind } from '../../trace/tables.ts'
import type { Trace } from '../../trace/trace.ts'
import { derived } from '../derived.ts'
import { nameText, TextIds } from './names.ts'
import { numberColumn } from '../rows.ts'

const PUSH_POP = [59, 70]
const START_END = [60, 71]
export const STYLES = ['PushPop', 'StartEnd'] as const

export interface NvtxRanges {
  readonly length: number
  /** Row of the range table, ascending: sorted by start. */
  readonly row: Uint32Array
  /** Index into STYLES. */
  readonly style: Uint32Array
  /** Index into `names`; 0 is no name. */
  readonly name: Uint32Array
  readonly names: readonly (string | null)[]
}

export const nvtxRanges = derived((trace): NvtxRanges => {
  const { eventType, length } = trace.range
  const row = new Uint32Array(length)
  const style = new Uint32Array(length)
  let n = 0
  for (let i = 0; i < length; i++) {
    const type = eventType?.[i] ?? 0
    const isPushPop = PUSH_POP.includes(type)
    if (!isPushPop && !START_END.includes(type)) continue
    style[n] = isPushPop ? 0 : 1
    row[n++] = i
  }
  const rows = row.slice(0, n)
  return { length: n, row: rows, style: style.slice(0, n), ...rangeNames(trace, rows) }
})

/**
 * `domain:text`, where the process has a row that creates the domain with a name (which may be empty: then `:text`);
 * without one, the text alone. A range without a text has no name, in a domain or not.
 */
function rangeNames(trace: Trace, rows: Uint32Array): { name: Uint32Array; names: (string | null)[] } {
  const { range, thread, process } = trace
  const domains = domainNames(trace)
  const ids = new TextIds()
  const name = new Uint32Array(rows.length)
  // Few domains and names make many ranges: join each pair of texts once.
  const known = new Map<string | undefined, Map<number, number>>()
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const pid = process.pid[thread.process[range.thread[row]!]!]!
    const domain = domains(pid, range.domainId?.[row] ?? NONE)
    const isSeen = (range.newerName?.[row] ?? 0) !== 1
    const index = isSeen ? (range.name?.[row] ?? NONE) : NONE
    let byIndex = known.get(domain)
    if (byIndex === undefined) known.set(domain, (byIndex = new Map()))
    let id = byIndex.get(index)
    if (id === undefined) {
      const text = nameText(trace, index)
      id = ids.idOf(text === null || domain === undefined ? text : `${domain}:${text}`)
      byIndex.set(index, id)
    }
    name[i] = id
  }
  return { name, names: ids.texts }
}

/** A domain's name in a process (by plain pid): that of the earliest row which creates it. */
function domainNames(trace: Trace): (pid: number, domainId: number) => string | undefined {
  const { mark, thread, process } = trace
  const names = new Map<string, string | null>()
  for (let i = 0; i < mark.length; i++) {
    const row = mark.thread?.[i] ?? NONE
    const domainId = mark.domainId?.[i] ?? NONE
    if (mark.kind[i] !== MarkKind.domainCreate || row === NONE || domainId === NONE) continue
    const key = `${process.pid[thread.process[row]!]}/${domainId}`
    const isSeen = (mark.newerName?.[i] ?? 0) !== 1
    if (!names.has(key)) names.set(key, isSeen ? nameText(trace, mark.name?.[i]) : null)
  }
  return (pid, domainId) => (domainId === NONE ? undefined : (names.get(`${pid}/${domainId}`) ?? undefined))
}

/**
 * Where nsys ends an open range: at the greatest time of all NVTX rows, of all ranges, or of push/pop ranges alone, by report.
 * NaN where no such row has an end: nsys then has no time to end it at, and its duration stays empty.
 */
export function lastNvtxTime(trace: Trace, of: 'rows' | 'ranges' | 'push/pop'): number {
  const { range, mark } = trace
  const { row, style } = nvtxRanges(trace)
  let last = NaN
  let hasEnd = false
  const take = (time: number): void => {
    if (!(time <= last)) last = time
  }
  for (let k = 0; k < row.length; k++) {
    const i = row[k]!
    if (of === 'push/pop' && style[k] !== 0) continue
    take(range.start[i]!)
    if (range.open[i] === 1) continue
    hasEnd = true
    take(range.start[i]! + range.duration[i]!)
  }
  if (of === 'rows') for (let i = 0; i < mark.length; i++) take(mark.time[i]!)
  return hasEnd ? last : NaN
}

/** End of each NVTX range, open ones at `last`. */
export function rangeEnds(trace: Trace, last: number): Float64Array {
  const { range } = trace
  const { row } = nvtxRanges(trace)
  return numberColumn(row.length, (k) => {
    const i = row[k]!
    return range.open[i] === 1 ? last : range.start[i]! + range.duration[i]!
  })
}
