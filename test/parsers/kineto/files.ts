import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { kineto } from '../../../parsers/kineto/kineto.ts'
import { NONE } from '../../../trace/column.ts'
import type { Trace } from '../../../trace/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-kineto-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0

/** Writes a file and reads it. */
export function readBytes(content: string | Buffer): Promise<Trace> {
  const path = join(folder, `trace-${files++}.json`)
  writeFileSync(path, content)
  return kineto.read(path, {}).finally(() => rmSync(path))
}

/** Reads events given as values, or as text where their spelling matters. */
export const readEvents = (events: readonly (object | string)[], header: object = {}): Promise<Trace> => {
  const list = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))).join(',\n')
  const fields = JSON.stringify(header).slice(1, -1)
  return readBytes(`{${fields === '' ? '' : `${fields},`}"traceEvents":[${list}]}`)
}

/** An event that lasts. Times in microseconds. */
export const lasting = (
  cat: string,
  name: string,
  ts: number,
  dur: number,
  args: object = {},
  place: { pid?: number | string; tid?: number | string } = {},
): object => ({ ph: 'X', cat, name, pid: 1, tid: 1, ...place, ts, dur, args })

export const kernel = (name: string, ts: number, dur: number, args: object = {}): object =>
  lasting('kernel', name, ts, dur, { device: 0, context: 1, stream: 7, ...args }, { pid: 0, tid: 7 })

export const text = (trace: Trace, index: number | undefined): string | undefined =>
  index === undefined || index === NONE ? undefined : trace.strings[index]

/** Ranges as an outline: two spaces a level, start..end in ns. */
export const outline = ({ range, strings }: Trace): string[] =>
  Array.from({ length: range.length }, (_, i) => {
    const name = range.name?.[i] ?? NONE
    const open = range.open[i] === 1 ? ' open' : ''
    return `${'  '.repeat(range.depth[i]!)}${name === NONE ? '(no name)' : strings[name]} ${range.start[i]}..${range.start[i]! + range.duration[i]!}${open}`
  })

/** Names of the calls that launched each op, in order of start. */
export const launches = (trace: Trace): (string | undefined)[] =>
  Array.from({ length: trace.device_op.length }, (_, op) => {
    const call = trace.device_op.launch?.[op] ?? NONE
    return call === NONE ? undefined : trace.strings[trace.api_call.name[call]!]
  })

const ROW_TABLES = [
  'device_op',
  'api_call',
  'range',
  'sync',
  'overhead',
  'memory_event',
  'counter_sample',
  'mark',
] as const

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** Rows of the file, rows imported, rows skipped: the first must be the sum of the others. */
export function balance(trace: Trace): { source: number; imported: number; skipped: number } {
  return {
    source: sum(Object.values(trace.meta.sourceRows)),
    imported: sum(ROW_TABLES.map((name) => trace[name].length)),
    skipped: sum(trace.meta.skipped.map(({ count }) => count)),
  }
}
