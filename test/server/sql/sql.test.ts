import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Store } from '../../../db/store.ts'
import { runSql } from '../../../server/sql/run-sql.ts'
import { startServer } from '../../../server/start.ts'
import type { RunningServer } from '../../../server/start.ts'
import { SqlAnswer, SqlOffer } from '../../../trace/sql-api.ts'
import { drawn } from '../../drawn-trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-sql-'))
const KEPT = 'a'.repeat(64)
const NOT_KEPT = 'b'.repeat(64)
const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'
let server: RunningServer
let store: Store

beforeAll(async () => {
  store = new Store(join(folder, 'store.sqlite'))
  const trace = drawn('gpu0  AAA.BB')
  const meta = {
    ...trace.meta,
    sourceTables: {
      StringIds: { columns: ['id', 'value'], rows: 1 },
      PROCESSES: { columns: ['name'], rows: 1 },
    },
  }
  for (const sha256 of [KEPT, NOT_KEPT])
    store.addRun(
      { ...trace, meta },
      [{ name: 'made-up.sqlite', sha256, bytes: 1, format: 'nsys-sqlite' }],
      'drawn',
      { captureNs: null, devices: [] },
    )
  mkdirSync(join(folder, 'originals'))
  const original = new Database(join(folder, 'made-up.sqlite'))
  original.exec(`CREATE TABLE StringIds (id INTEGER, value TEXT); CREATE TABLE NVTX_EVENTS (textId INTEGER); CREATE TABLE PROCESSES (name TEXT);
    INSERT INTO StringIds VALUES (7, 'seven'); INSERT INTO NVTX_EVENTS VALUES (7); INSERT INTO PROCESSES VALUES ('secret')`)
  original.close()
  copyFileSync(join(folder, 'made-up.sqlite'), join(folder, 'originals', KEPT))
  server = await startServer({ store, host: '127.0.0.1', port: 0, web: join(folder, 'web'), nsys: undefined })
})
afterAll(async () => {
  await server.close()
  store.close()
  rmSync(folder, { recursive: true })
})

const post = (run: number, body: unknown): Promise<Response> =>
  fetch(`${server.url}/api/runs/${run}/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const refused = async (response: Response): Promise<{ status: number; message: string }> => {
  const { error } = (await response.json()) as { error: { message: string } }
  return { status: response.status, message: error.message }
}

describe('POST /api/runs/:run/sql', () => {
  test('answers over the trace and over the kept original', async () => {
    const trace = await post(1, { sql: 'SELECT name, duration_ns FROM device_op' })
    expect(SqlAnswer.parse(await trace.json())).toMatchObject({
      columns: [{ name: 'name' }, { name: 'duration_ns' }],
      rows: [
        ['kernel A', 3000],
        ['kernel B', 2000],
      ],
      truncated: null,
    })
    const original = await post(1, { sql: 'SELECT value FROM StringIds', over: 'original' })
    expect(SqlAnswer.parse(await original.json()).rows).toEqual([['seven']])
  })

  test('says in one line what is wrong', async () => {
    expect(await refused(await post(1, { sql: 'SELECT * FROM PROCESSES', over: 'original' }))).toEqual({
      status: 400,
      message: 'SQLite: no such table: PROCESSES (line 1, column 15)',
    })
    expect((await refused(await post(1, { over: 'elsewhere' }))).status).toBe(400)
    expect((await refused(await post(9, { sql: 'SELECT 1' }))).status).toBe(404)
    const { status, message } = await refused(await post(2, { sql: 'SELECT 1', over: 'original' }))
    expect(status).toBe(404)
    expect(message).toMatch(/made-up\.sqlite was imported without keeping it; upload it/)
  })
})

test('GET /api/runs/:run/sql tells tables, columns and limits, and of the original only what is open', async () => {
  const offer = SqlOffer.parse(await (await fetch(`${server.url}/api/runs/1/sql`)).json())
  expect(offer.limits).toMatchObject({ rows: 10_000, timeMs: 10_000 })
  const ops = offer.trace.find((one) => one.name === 'device_op')!
  expect(ops).toMatchObject({ rows: 2, recorded: true })
  expect(ops.columns).toContainEqual({
    name: 'launch',
    type: 'integer?',
    about: '→ api_call.row',
  })
  expect(offer.original).toMatchObject({ tables: [{ name: 'StringIds', rows: 1 }] })
  const other = SqlOffer.parse(await (await fetch(`${server.url}/api/runs/2/sql`)).json())
  expect(other.original).toHaveProperty('missing')
})

describe('a statement that computes inside SQLite for ever', () => {
  const source = () => ({ kind: 'run', database: store.path, run: 1 }) as const

  test('is stopped at the time limit', async () => {
    await expect(runSql({ sql: ENDLESS, source: source(), timeLimitMs: 300 })).rejects.toMatchObject({
      kind: 'bad-request',
      message: expect.stringMatching(/^stopped after 0\.3 s, the time limit/) as string,
    })
  })

  test('is stopped when nobody waits for it any more', async () => {
    const gone = new AbortController()
    const asked = runSql({ sql: ENDLESS, source: source(), timeLimitMs: 600_000, signal: gone.signal })
    setTimeout(() => gone.abort(), 500)
    await expect(asked).rejects.toMatchObject({ message: 'the statement was cancelled' })
  })
})
