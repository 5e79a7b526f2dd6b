import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { NONE } from '../../../trace/column.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { valueAt } from '../../../trace/table.ts'
import { cudaEvent } from '../../../trace/tables.ts'
import type { Trace } from '../../../trace/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-events-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PID = 7n << 24n

/** An export with one recorded event, one wait for it, and a kernel on each of the two streams. */
async function read(name: string, base: bigint, eventColumns: string, ...events: string[]): Promise<Trace> {
  const path = join(folder, `${name}.sqlite`)
  const db = new Database(path)
  const at = (time: number): bigint => base + BigInt(time)
  db.exec(`
    CREATE TABLE StringIds (id INTEGER, value TEXT);
    INSERT INTO StringIds VALUES (1, 'cudaLaunchKernel_v7000'), (2, 'cudaEventRecord_v3020'), (3, 'cudaStreamWaitEvent_v3020');
    CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start, end, eventClass, globalTid, correlationId, nameId, returnValue);
    INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES
      (${at(100)}, ${at(110)}, 0, ${PID | 9n}, 1, 1, 0), (${at(120)}, ${at(130)}, 0, ${PID | 9n}, 2, 2, 0),
      (${at(140)}, ${at(150)}, 0, ${PID | 9n}, 3, 3, 0), (${at(160)}, ${at(170)}, 0, ${PID | 9n}, 4, 1, 0);
    CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start, end, deviceId, contextId, greenContextId, streamId, correlationId, globalPid, demangledName, shortName);
    INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES
      (${at(200)}, ${at(300)}, 0, 1, 0, 7, 1, ${PID}, 1, 1), (${at(400)}, ${at(500)}, 0, 1, 0, 13, 4, ${PID}, 1, 1);
    CREATE TABLE CUPTI_ACTIVITY_KIND_SYNCHRONIZATION (start, end, deviceId, contextId, greenContextId, streamId, correlationId, globalPid, syncType, eventId, eventSyncId);
    INSERT INTO CUPTI_ACTIVITY_KIND_SYNCHRONIZATION VALUES (${at(141)}, ${at(149)}, 0, 1, NULL, 13, 3, ${PID}, 2, 22, 5);
    CREATE TABLE CUPTI_ACTIVITY_KIND_CUDA_EVENT (${eventColumns});`)
  for (const event of events)
    db.exec(`INSERT INTO CUPTI_ACTIVITY_KIND_CUDA_EVENT (${eventColumns}) VALUES (${event})`)
  db.close()
  const trace = await nsysSqlite.read(path, {})
  expect(brokenRules(trace)).toEqual([])
  return trace
}

const OLD = 'deviceId, contextId, streamId, correlationId, globalPid, eventId'
const NEW = `timestamp, ${OLD}, eventSyncId, greenContextId`

test('an event record knows its stream, its event and its API call', async () => {
  const trace = await read('old', 0n, OLD, `0, 1, 7, 2, ${PID}, 22`)
  const { cuda_event: events, api_call: api, stream } = trace
  expect(events.length).toBe(1)
  expect(stream.id[events.stream[0]!]).toBe(7)
  expect(events.event[0]).toBe(22)
  expect(api.start[events.apiCall![0]!]).toBe(120)
  expect(valueAt(cudaEvent, events, 'time', 0)).toBeUndefined()
  expect(valueAt(cudaEvent, events, 'record', 0)).toBeUndefined()
  expect(trace.meta.recorded).toContain('cuda_event')
  expect(trace.meta.skipped).toEqual([])
})

test('green context 0 is none: ops, waits and events of one stream are on one lane', async () => {
  const trace = await read('green', 0n, NEW, `0, 0, 1, 7, 2, ${PID}, 22, 5, NULL`)
  expect(trace.stream.length).toBe(2)
  expect(trace.cuda_event.stream[0]).toBe(trace.device_op.stream[0])
  expect(trace.sync.stream![0]).toBe(trace.device_op.stream[1])
})

test('a wait carries the number of the record that it waits for; 0 is no number and no time', async () => {
  const told = await read('record', 0n, NEW, `301, 0, 1, 7, 2, ${PID}, 22, 5, 0`)
  expect(told.cuda_event.record![0]).toBe(5)
  expect(told.sync.record![0]).toBe(5)
  expect(told.cuda_event.time![0]).toBe(301)
  const untold = await read('zeros', 0n, NEW, `0, 0, 1, 7, 2, ${PID}, 22, 0, 0`)
  expect(untold.cuda_event.record).toBeUndefined()
  expect(untold.cuda_event.time).toBeUndefined()
})

test('times since 1970 are moved with all others', async () => {
  const base = 1_700_000_000_123_456_789n
  const trace = await read('epoch', base, NEW, `${base + 301n}, 0, 1, 7, 2, ${PID}, 22, 5, 0`)
  expect(trace.api_call.start[0]).toBe(0)
  expect(trace.cuda_event.time![0]).toBe(201)
  const untold = await read('epoch zeros', base, NEW, `0, 0, 1, 7, 2, ${PID}, 22, 5, 0`)
  expect(untold.cuda_event.time).toBeUndefined()
})

test('a record without an event or a stream is counted as skipped; one without a call is kept without one', async () => {
  const trace = await read('odd', 0n, OLD, `0, 1, 7, 2, ${PID}, NULL`, `0, 1, 7, 99, ${PID}, 3`)
  expect(trace.cuda_event.length).toBe(1)
  expect(trace.cuda_event.apiCall?.[0] ?? NONE).toBe(NONE)
  expect(trace.meta.sourceRows.CUPTI_ACTIVITY_KIND_CUDA_EVENT).toBe(2)
  expect(trace.meta.skipped).toEqual([
    { what: 'CUPTI_ACTIVITY_KIND_CUDA_EVENT', count: 1, why: 'without an event or a stream' },
  ])
})
