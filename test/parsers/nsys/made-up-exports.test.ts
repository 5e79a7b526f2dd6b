/**
 * Exports that no nsys wrote whole: made by hand for other programs' tests, with a few columns each, or changed afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { MOST_LEVELS } from '../../../analysis/phase-tree.ts'
import { overviewOf } from '../../../analysis/timeline/overview.ts'
import { phases } from '../../../analysis/phases.ts'
import { nsysSqlite } from '../../../parsers/nsys/index.ts'
import { NONE } from '../../../trace/column.ts'
import { brokenRules } from '../../../trace/integrity.ts'
import { tileNs } from '../../../trace/timeline.ts'
import type { Trace } from '../../../trace/trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-made-up-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PID = 5n << 24n
const TID = PID | 9n
const EPOCH = 1_800_000_000_000_000_001n
const STRINGS = `CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT);
  INSERT INTO StringIds VALUES (1, 'gemm'), (2, 'cudaLaunchKernel_v7000'), (3, 'void gemm<float>()');`
const KERNELS = `CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start, end, correlationId, demangledName);
  INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (20, 30, 1, 1), (40, 50, 2, 1);`

/** Calls 1, 2, 3 … one on each of these threads. */
const callsOn = (...threads: bigint[]): string =>
  `CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start, end, correlationId, nameId, globalTid);
  INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES
  ${threads.map((tid, i) => `(${i}, ${i + 1}, ${i + 1}, 2, ${tid})`).join(', ')}`

let files = 0
async function read(...statements: string[]): Promise<Trace> {
  const path = join(folder, `${files++}.sqlite`)
  const db = new Database(path)
  for (const sql of statements) db.exec(sql)
  db.close()
  const trace = await nsysSqlite.read(path, {})
  expect(brokenRules(trace)).toEqual([])
  return trace
}

const namesIn = (trace: Trace, names: Uint32Array): (string | undefined)[] =>
  Array.from(names, (name) => trace.strings[name])

test('where all calls are of one process, so is the work of which no process is told', async () => {
  const trace = await read(STRINGS, callsOn(TID, TID, TID + 1n), KERNELS)
  expect([...trace.device_op.launch!]).toEqual([0, 1])
  expect([...trace.process.globalPid]).toEqual([PID])
})

test('where calls are of several processes, work of which no process is told has no launch', async () => {
  const trace = await read(STRINGS, callsOn(TID, TID, TID + (1n << 24n)), KERNELS)
  expect(trace.device_op.launch).toBeUndefined()
  expect(trace.process.globalPid).toContain(0n)
})

test('kernels without any demangled name have their base names; one id without a text stays one', async () => {
  const columns = '(start, end, demangledName DEFAULT 0, shortName, mangledName)'
  const kernels = async (rows: string) =>
    namesOf(
      await read(
        STRINGS,
        `CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL ${columns};
        INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES ${rows}`,
      ),
    )
  const namesOf = (trace: Trace) => namesIn(trace, trace.device_op.name)
  expect(await kernels('(20, 30, 0, 1, NULL), (40, 50, 0, 7, 3)')).toEqual(['gemm', '#7'])
  expect(await kernels('(20, 30, NULL, NULL, 3)')).toEqual(['void gemm<float>()'])
  // As nsys has it, which shows such a kernel without a name.
  expect(await kernels('(20, 30, 0, 1, NULL), (40, 50, 3, 1, NULL)')).toEqual(['#0', 'void gemm<float>()'])
})

test('a large device number is not taken for a small one of another process', async () => {
  const trace = await read(
    STRINGS,
    `CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start, end, deviceId, globalPid, demangledName);
    INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (1, 2, 65536, ${PID}, 1), (3, 4, 0, ${PID + (1n << 24n)}, 1)`,
  )
  expect(Array.from(trace.device_op.device, (row) => trace.device.id[row])).toEqual([65_536, 0])
})

test('without eventType a row of NVTX_EVENTS is a range if it has an end, and a mark if not', async () => {
  const trace = await read(
    STRINGS,
    `CREATE TABLE NVTX_EVENTS (start, end, text);
    INSERT INTO NVTX_EVENTS VALUES (0, 50, 'outer'), (10, 20, 'inner'), (30, NULL, 'here')`,
  )
  expect(namesIn(trace, trace.range.name!)).toEqual(['outer', 'inner'])
  expect([...trace.range.parent!]).toEqual([NONE, 0])
  expect(namesIn(trace, trace.mark.name!)).toEqual(['here'])
  expect(trace.meta.skipped).toEqual([])
  expect(trace.meta.warnings).toEqual([expect.stringMatching(/no column eventType/)])
})

test('times since 1970 are understood where only counters, library calls or memory events have one', async () => {
  const counters = await read(
    STRINGS,
    `CREATE TABLE GPU_METRICS (timestamp, typeId, metricId, value);
    INSERT INTO GPU_METRICS VALUES (${EPOCH}, 0, 1, 5), (${EPOCH + 100n}, 0, 1, 7)`,
  )
  expect([...counters.counter_sample.time]).toEqual([0, 100])
  const calls = await read(
    STRINGS,
    `CREATE TABLE CUBLAS_EVENTS (start, end, globalTid, nameId);
    INSERT INTO CUBLAS_EVENTS VALUES (${EPOCH}, ${EPOCH + 50n}, ${TID}, 1)`,
  )
  expect([calls.range.start[0], calls.range.duration[0]]).toEqual([0, 50])
  const memory = await read(
    STRINGS,
    `CREATE TABLE CUDA_GPU_MEMORY_USAGE_EVENTS (start, globalPid, bytes, memoryOperationType);
    INSERT INTO CUDA_GPU_MEMORY_USAGE_EVENTS VALUES (${EPOCH}, ${PID}, 8, 0)`,
  )
  expect([memory.memory_event.time[0], memory.meta.originNs]).toEqual([0, String(EPOCH)])
})

test('one time without a date takes the axis of the others no date away', async () => {
  const rows = [7n, EPOCH, EPOCH + 10n, EPOCH + 20n].map((at, i) => `(${at}, ${at + 5n}, ${i}, 2, ${TID})`)
  const trace = await read(
    STRINGS,
    `CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start, end, correlationId, nameId, globalTid);
    INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES ${rows.join(', ')}`,
  )
  expect([...trace.api_call.start]).toEqual([0, 10, 20])
  expect(trace.meta.skipped.map(({ count }) => count)).toEqual([1])
})

test('a domain created months before the capture does not move the axis, and keeps its name', async () => {
  const months = -12_000_000_000_000_000n
  const trace = await read(
    STRINGS,
    `CREATE TABLE NVTX_EVENTS (start, end, eventType, text, globalTid, domainId);
    INSERT INTO NVTX_EVENTS VALUES (${months}, NULL, 75, 'NCCL', ${TID}, 1), (1000, 2000, 59, 'r', ${TID}, 1)`,
    'CREATE TABLE OSRT_API (start, end, globalTid, nameId)',
    `INSERT INTO OSRT_API VALUES (5, 9, ${TID}, 1)`,
  )
  expect([trace.range.start[0], trace.os_call.start[0], trace.meta.originNs]).toEqual([1000, 5, '0'])
  expect(namesIn(trace, trace.range.domain!)).toEqual(['NCCL'])
})

test('a graph without a number and a copy without a kind are named without a made-up one', async () => {
  const trace = await read(
    STRINGS,
    `CREATE TABLE CUPTI_ACTIVITY_KIND_GRAPH_TRACE (start, end, graphId);
    INSERT INTO CUPTI_ACTIVITY_KIND_GRAPH_TRACE VALUES (1, 2, NULL), (3, 4, 5);
    CREATE TABLE CUPTI_ACTIVITY_KIND_MEMCPY (start, end, copyKind);
    INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY VALUES (5, 6, NULL)`,
  )
  expect(namesIn(trace, trace.device_op.name)).toEqual([
    'CUDA graph',
    'CUDA graph 5',
    '[CUDA memcpy Unknown]',
  ])
})

test('a program that never closes its ranges is told so, and its phases stay few and short', async () => {
  const pushes = 3000
  const each = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${pushes - 1})`
  const trace = await read(
    STRINGS,
    'CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start, end, correlationId, demangledName)',
    'CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start, end, correlationId, nameId, globalTid)',
    'CREATE TABLE NVTX_EVENTS (start, end, eventType, text, globalTid)',
    `${each} INSERT INTO NVTX_EVENTS SELECT 100 * i, NULL, 59, 'step ' || i, ${TID} FROM n`,
    `${each} INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME SELECT 100 * i + 10, 100 * i + 20, i, 2, ${TID} FROM n`,
    `${each} INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL SELECT 100 * i + 30, 100 * i + 90, i, 1 FROM n`,
  )
  expect(trace.range.length).toBe(pushes)
  expect(trace.range.depth.at(-1)).toBe(pushes - 1)
  expect(trace.meta.warnings).toEqual([expect.stringMatching(/^3000 ranges never ended/)])
  const { phases: rows } = phases.compute(trace, {})
  expect(rows.length).toBe(MOST_LEVELS)
  // Every kernel of the innermost levels belongs to the last phase.
  const last = MOST_LEVELS - 1
  expect(rows.at(-1)).toMatchObject({ depth: last, count: 1, kernels: pushes - last })
})

test('a capture whose times are all, or some, far before zero has an overview of few tiles', async () => {
  const tilesOf = async (kernel: number, call: number): Promise<number> => {
    const trace = await read(
      STRINGS,
      `CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start, end, demangledName);
      INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (${kernel}, ${kernel + 1000}, 1);
      CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start, end, nameId, globalTid);
      INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (${call}, ${call + 1000}, 2, ${TID})`,
    )
    let tiles = 0
    for (const { level, index } of overviewOf(trace).tiles) {
      expect(Math.abs(index) * tileNs(level)).toBeLessThan(2 ** 44)
      if (++tiles > 1000) break
    }
    return tiles
  }
  const seconds = 1e9
  expect(await tilesOf(-5000 * seconds, -4999 * seconds)).toBeLessThan(50)
  expect(await tilesOf(-5000 * seconds, 1 * seconds)).toBeLessThan(50)
})

test('metrics of network cards are counted as skipped; what only names their devices is not', async () => {
  const trace = await read(
    STRINGS,
    `CREATE TABLE NET_NIC_METRIC (start, end, globalId, value); INSERT INTO NET_NIC_METRIC VALUES (1, 2, 3, 4);
    CREATE TABLE NET_IB_DEVICE_INFO (guid, name); INSERT INTO NET_IB_DEVICE_INFO VALUES (1, 'mlx5_0');
    CREATE TABLE cudaMemoryOperationByteStats (num); INSERT INTO cudaMemoryOperationByteStats VALUES (1)`,
  )
  expect(trace.meta.sourceRows).toEqual({ NET_NIC_METRIC: 1 })
  expect(trace.meta.skipped).toEqual([
    { what: 'NET_NIC_METRIC', count: 1, why: expect.stringMatching(/network cards/) as string },
  ])
})

test('a table that became a view, and a -wal file that may be missing, are told of', async () => {
  const trace = await read(
    'PRAGMA journal_mode = WAL',
    STRINGS,
    'CREATE TABLE k (start, end); INSERT INTO k VALUES (1, 2)',
    'CREATE VIEW CUPTI_ACTIVITY_KIND_KERNEL AS SELECT * FROM k; CREATE VIEW other AS SELECT * FROM k',
  )
  expect(trace.meta.warnings).toEqual([
    expect.stringMatching(/without its -wal file/),
    expect.stringMatching(/^CUPTI_ACTIVITY_KIND_KERNEL is a view/),
  ])
})

test('a table of any name is counted', async () => {
  const trace = await read(STRINGS, 'CREATE TABLE "__proto__" (start)', 'INSERT INTO "__proto__" VALUES (1)')
  expect(Object.entries(trace.meta.sourceRows)).toEqual([['__proto__', 1]])
})
