import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { memoryDatabase } from '../../../db/virtual-tables.ts'
import { wantedColumns } from '../../../db/wanted-columns.ts'
import { execute } from '../../../server/sql/execute.ts'
import { addOriginalTables } from '../../../server/sql/original-tables.ts'

/** An export in which every private place holds a text of its own. Made up. */
function exportWithSecrets(): Database.Database {
  const original = new Database(':memory:')
  original.exec(`
    CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT);
    CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, end INTEGER, globalPid INTEGER, shortName INTEGER, demangledName INTEGER);
    CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER, end INTEGER, nameId INTEGER, note TEXT);
    CREATE TABLE NVTX_EVENTS (start INTEGER, end INTEGER, text TEXT, textId INTEGER, binaryData BLOB);
    CREATE TABLE ENUM_CUDA_MEM_KIND (id INTEGER, name TEXT, label TEXT);
    CREATE TABLE TARGET_INFO_GPU (id INTEGER, name TEXT, uuid TEXT, totalMemory INTEGER);
    CREATE TABLE ProcessStreams (globalPid INTEGER, filenameId INTEGER, contentId INTEGER);
    CREATE TABLE ThreadNames (nameId INTEGER, globalTid INTEGER);
    INSERT INTO ThreadNames VALUES (8, 1);
    CREATE TABLE PROCESSES (globalPid INTEGER, name TEXT);
    CREATE TABLE META_DATA_CAPTURE (name TEXT, value TEXT);
    CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT);
    CREATE TABLE TARGET_INFO_SYSTEM_ENV (name TEXT, value TEXT);
    CREATE TABLE ANALYSIS_FILE (id INTEGER, filename TEXT, content TEXT);
    CREATE TABLE DIAGNOSTIC_EVENT (timestamp INTEGER, text TEXT);
    CREATE TABLE OSRT_FILE_ACCESS_DESCRIPTORS (filePath TEXT);
    INSERT INTO StringIds VALUES (1, 'gemm'), (2, 'void gemm<float>()'), (3, 'cudaLaunchKernel_v7000'), (4, 'a range'),
      (5, 'secret output'), (6, 'secret path'), (8, 'secret thread of another program');
    INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (10, 20, 9151594822576898048, 1, 2), (30, 45, 9151594822576898048, 1, 2);
    INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (5, 7, 3, 'secret note');
    INSERT INTO NVTX_EVENTS VALUES (1, 50, 'forward', NULL, 'secret payload'), (2, 9, NULL, 4, NULL);
    INSERT INTO ENUM_CUDA_MEM_KIND VALUES (1, 'CUDA_MEMOPR_MEMORY_KIND_PINNED', 'Pinned');
    INSERT INTO TARGET_INFO_GPU VALUES (0, 'Some GPU', 'secret uuid', 1000);
    INSERT INTO ProcessStreams VALUES (1, 6, 5);
    INSERT INTO PROCESSES VALUES (1, 'secret program');
    INSERT INTO META_DATA_CAPTURE VALUES ('COMMAND', 'secret command');
    INSERT INTO META_DATA_EXPORT VALUES ('USER', 'secret user');
    INSERT INTO TARGET_INFO_SYSTEM_ENV VALUES ('TOKEN', 'secret token');
    INSERT INTO ANALYSIS_FILE VALUES (1, 'secret file', 'secret content');
    INSERT INTO DIAGNOSTIC_EVENT VALUES (1, 'secret message');
    INSERT INTO OSRT_FILE_ACCESS_DESCRIPTORS VALUES ('secret file name');
    CREATE VIEW ENUM_OF_MINE AS SELECT 1 AS id, value AS name FROM TARGET_INFO_SYSTEM_ENV;
  `)
  return original
}

const ask = (original: Database.Database, sql: string) => {
  const database = memoryDatabase()
  addOriginalTables(database, original, wantedColumns(sql))
  return execute(database, sql, 100_000).rows
}

describe('an nsys export', () => {
  const original = exportWithSecrets()

  test('is asked in its own names; ids beyond 2^53 come digit for digit', () => {
    expect(
      ask(
        original,
        `SELECT s.value, count(*), sum(k.end - k.start) FROM CUPTI_ACTIVITY_KIND_KERNEL k JOIN StringIds s ON s.id = k.demangledName GROUP BY 1`,
      ),
    ).toEqual([['void gemm<float>()', 2, 25]])
    expect(ask(original, 'SELECT globalPid FROM CUPTI_ACTIVITY_KIND_KERNEL LIMIT 1')).toEqual([
      ['9151594822576898048'],
    ])
    expect(ask(original, 'SELECT text FROM NVTX_EVENTS')).toEqual([['forward'], [null]])
    expect(ask(original, 'SELECT label FROM ENUM_CUDA_MEM_KIND')).toEqual([['Pinned']])
    expect(ask(original, 'SELECT name, totalMemory, uuid FROM TARGET_INFO_GPU')).toEqual([
      ['Some GPU', 1000, null],
    ])
  })

  test.each([
    'TARGET_INFO_SYSTEM_ENV',
    'META_DATA_CAPTURE',
    'META_DATA_EXPORT',
    'ProcessStreams',
    'PROCESSES',
    'ThreadNames',
    'ANALYSIS_FILE',
    'DIAGNOSTIC_EVENT',
    'OSRT_FILE_ACCESS_DESCRIPTORS',
    'ENUM_OF_MINE',
    'main.TARGET_INFO_SYSTEM_ENV',
    'original.StringIds',
    '"TARGET_INFO_SYSTEM_ENV_rows"',
  ])('does not show %s', (table) => {
    expect(() => ask(original, `SELECT * FROM ${table}`)).toThrow(/no such table/)
  })

  test('shows of its strings those that name an event', () => {
    expect(ask(original, 'SELECT value FROM StringIds ORDER BY id')).toEqual([
      ['gemm'],
      ['void gemm<float>()'],
      ['cudaLaunchKernel_v7000'],
      ['a range'],
    ])
    expect(ask(original, `SELECT count(*) FROM StringIds WHERE value LIKE 'secret%'`)).toEqual([[0]])
  })

  test('holds nothing private in all that can be read', () => {
    const tables = ask(original, `SELECT name FROM sqlite_schema WHERE type = 'view'`).flat()
    expect(tables).toContain('CUPTI_ACTIVITY_KIND_RUNTIME')
    const all = tables.map((name) => ask(original, `SELECT * FROM "${String(name)}"`))
    expect(JSON.stringify(all)).not.toContain('secret')
    expect(JSON.stringify(all)).toContain('cudaLaunchKernel')
  })
})
