/**
 * Names that an export tells in more than one place. Made-up exports.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeNsysSqlite } from '../../../fixtures/generate/nsys-sqlite.ts'
import type { NsysExport } from '../../../fixtures/generate/nsys-sqlite.ts'
import { callRow, smallLaunches } from '../../../fixtures/generate/small-nsys.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import type { Trace } from '../../../trace/trace.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function traceOf(tables: NsysExport): Promise<Trace> {
  const path = join(folder, 'made.sqlite')
  writeNsysSqlite(path, tables)
  return nsysSqlite.read(path, {})
}

test('every thread keeps its own name: the first it has, slashes included, but no path', async () => {
  const main = callRow(0, 1, 1).globalTid as bigint
  const names = ['python', 'ZMQbg/IO/0', '/home/someone/bin/tool', 'second name']
  const trace = await traceOf({
    ...smallLaunches(),
    StringIds: [...smallLaunches().StringIds!, ...names.map((value, i) => ({ id: 100 + i, value }))],
    CUPTI_ACTIVITY_KIND_RUNTIME: [0n, 1n, 2n].map((n) =>
      callRow(Number(n), 10, Number(n), 'cuLaunchKernel', main + n),
    ),
    ThreadNames: [0, 1, 2, 3].map((i) => ({ nameId: 100 + i, priority: i, globalTid: main + BigInt(i % 3) })),
  })
  const nameOf = (tid: number): string => {
    const row = trace.thread.tid.indexOf(1234 + tid)
    return trace.strings[trace.thread.name![row]!]!
  }
  expect([0, 1, 2].map(nameOf)).toEqual(['python', 'ZMQbg/IO/0', 'tool'])
})

test('a range named only by its payload, and a domain named by a registered string, are marked', async () => {
  const tables = smallLaunches()
  const range = { ...tables.NVTX_EVENTS![0]!, text: null }
  const trace = await traceOf({
    ...tables,
    NVTX_EVENTS: [
      { ...range, jsonText: '{"layerName": "conv 1"}' },
      { ...range, start: 60, text: 'told' },
      { ...range, start: 1, end: null, eventType: 75, textId: 1, domainId: 7 },
    ],
  })
  const names = Array.from(trace.range.name!, (index) => trace.strings[index])
  expect(names).toEqual(['conv 1', 'told'])
  expect([...trace.range.newerName!]).toEqual([1, 255])
  expect([...trace.mark.newerName!]).toEqual([1])
})

test('the tables that nsys’ reports ask for are listed with their columns and rows', async () => {
  const { sourceTables } = (await traceOf(smallLaunches())).meta
  expect(sourceTables!.CUPTI_ACTIVITY_KIND_KERNEL!.rows).toBe(8)
  expect(sourceTables!.CUPTI_ACTIVITY_KIND_KERNEL!.columns).toContain('greenContextId')
  expect(sourceTables).not.toHaveProperty('PROFILER_OVERHEAD')
})
