import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { main } from '../../../cli/main.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-privacy-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What must never leave the export: each of these is a text that occurs nowhere else. */
const SECRETS = {
  environment: 'API_TOKEN=secret-of-the-environment',
  commandLine: 'python train.py --password secret-of-the-command-line',
  output: 'secret-printed-by-the-program',
  user: 'secret-user-name',
  host: 'secret-host-name',
  diagnostic: 'see /home/secret-folder/streams/stdout.log',
  folder: '/home/secret-home/project/python3',
}

function exportWithSecrets(path: string): void {
  const database = new Database(path)
  database.exec(`
    CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT);
    CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER, end INTEGER, eventClass INTEGER, globalTid INTEGER, correlationId INTEGER, nameId INTEGER, returnValue INTEGER);
    CREATE TABLE ProcessStreams (globalPid INTEGER, filenameId INTEGER, contentId INTEGER);
    CREATE TABLE PROCESSES (globalPid INTEGER, pid INTEGER, name TEXT);
    CREATE TABLE META_DATA_CAPTURE (name TEXT, value TEXT);
    CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT);
    CREATE TABLE TARGET_INFO_SYSTEM_ENV (globalVid INTEGER, devStateName TEXT, name TEXT, nameEnum INTEGER, value TEXT);
    CREATE TABLE DIAGNOSTIC_EVENT (timestamp INTEGER, timestampType INTEGER, source INTEGER, severity INTEGER, text TEXT);
  `)
  const insert = (table: string, ...values: (string | number | bigint)[]): void =>
    void database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values)
  const pid = 7n << 24n
  insert('StringIds', 0, 'cudaDeviceSynchronize_v3020')
  insert('StringIds', 1, SECRETS.output)
  insert('StringIds', 2, SECRETS.environment)
  insert('CUPTI_ACTIVITY_KIND_RUNTIME', 100, 200, 0, pid | 8n, 1, 0, 0)
  insert('ProcessStreams', pid, 1, 1)
  insert('PROCESSES', pid, 7, SECRETS.folder)
  insert('META_DATA_CAPTURE', 'PROCESS_0:COMMAND', SECRETS.commandLine)
  insert('META_DATA_CAPTURE', 'PROCESS_0:ENVIRONMENT_VARIABLE', SECRETS.environment)
  insert('META_DATA_EXPORT', 'EXPORT_USER', SECRETS.user)
  insert('META_DATA_EXPORT', 'EXPORT_PRODUCT_VERSION', '2023.4.4')
  insert('TARGET_INFO_SYSTEM_ENV', 0, 'x', 'Hostname', 0, SECRETS.host)
  insert(
    'TARGET_INFO_SYSTEM_ENV',
    0,
    'x',
    'TargetInstallDir',
    0,
    `/home/${SECRETS.user}/nsight-systems/2023.4.4/target`,
  )
  insert('DIAGNOSTIC_EVENT', 1, 1, 1, 1, SECRETS.diagnostic)
  database.close()
}

test('nothing private reaches the store, the answers, or an export', async () => {
  const trace = join(folder, 'secrets.sqlite')
  exportWithSecrets(trace)
  const database = join(folder, 'store.sqlite')
  const said: string[] = []
  const cli = (...args: string[]) =>
    main([...args, '--db', database], {
      stdout: { write: (text) => said.push(text) },
      stderr: { write: (text) => said.push(text) },
    })
  expect(await cli('import', trace, '--json')).toBe(0)
  for (const analysis of ['summary', 'ledger', 'verdict'])
    expect(await cli('show', '1', analysis, '--json')).toBe(0)
  expect(await cli('export', '1', '--to', join(folder, 'out.csv'))).toBe(0)
  expect(await cli('export', '1', '--to', join(folder, 'out.pftrace'))).toBe(0)
  const written = ['store.sqlite', 'store.sqlite-wal', 'out.csv', 'out.pftrace']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
  const everything = [...said, ...written].join('\n')
  expect(everything).toContain('cudaDeviceSynchronize')
  for (const word of [
    'secret-of',
    'secret-printed',
    'secret-user',
    'secret-host',
    'secret-folder',
    'secret-home',
  ])
    expect(everything, word).not.toContain(word)
})
