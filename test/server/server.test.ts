import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Store } from '../../db/store.ts'
import { startServer } from '../../server/start.ts'
import type { RunningServer } from '../../server/start.ts'
import { ImportJob, RunInfo } from '../../trace/api.ts'
import { shared, sharedTest } from '../shared.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-server-'))
let server: RunningServer
let store: Store

beforeAll(async () => {
  store = new Store(join(folder, 'store.sqlite'))
  server = await startServer({ store, host: '127.0.0.1', port: 0, web: join(folder, 'web'), nsys: undefined })
})
afterAll(async () => {
  await server.close()
  store.close()
  rmSync(folder, { recursive: true })
})

const get = (path: string): Promise<Response> => fetch(server.url + path)
/** Answers of the server, looked at field by field: what is not there fails the test. */
interface Answer {
  runs: unknown[]
  result: { devices: { owners: { ns: number }[]; wallNs: number }[] }
  tables: { rows: unknown[] }[]
  error: { kind: string; message: string }
}
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer

/** A tus upload in pieces; answers with the job's id. */
async function upload(path: string, piece = 4 << 20): Promise<number> {
  const content = readFileSync(path)
  const created = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(content.length),
      'Upload-Metadata': `filename ${Buffer.from(basename(path)).toString('base64')}`,
    },
  })
  expect(created.status).toBe(201)
  const location = new URL(created.headers.get('Location')!, `${server.url}/api/uploads/`).href
  let job = created.headers.get('Parallax-Job')
  for (let offset = 0; offset < content.length; offset += piece) {
    const sent = await fetch(location, {
      method: 'PATCH',
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': String(offset),
        'Content-Type': 'application/offset+octet-stream',
      },
      body: content.subarray(offset, offset + piece),
    })
    expect(sent.status).toBe(204)
    job = sent.headers.get('Parallax-Job') ?? job
  }
  return Number(job)
}

async function ended(job: number): Promise<ImportJob> {
  for (;;) {
    const now = ImportJob.parse(await (await get(`/api/jobs/${job}`)).json())
    if (!['uploading', 'waiting', 'importing', 'summarising'].includes(now.state)) return now
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('uploads', () => {
  test('what is no trace fails with the words of the command line, and nothing is stored', async () => {
    const path = join(folder, 'notes.txt')
    writeFileSync(path, 'hello')
    const job = await ended(await upload(path))
    expect(job.state).toBe('failed')
    expect(job.message).toMatch(/is not a trace this program knows; it reads: /)
    expect(job.message).toMatch(/^notes\.txt/)
    expect((await answerOf(await get('/api/runs'))).runs).toEqual([])
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
  })

  sharedTest('an export becomes a run; the same content again is recognised; analyses answer', async () => {
    const path = join(shared!, 'traces', 'vggt-a40', 'vggt_report_A40.sqlite')
    const first = await ended(await upload(path))
    expect(first).toMatchObject({ state: 'done', already: false })
    const again = await ended(await upload(path))
    expect(again).toMatchObject({ state: 'done', already: true, run: first.run })
    const run = RunInfo.parse(await (await get(`/api/runs/${first.run}`)).json())
    expect(run.label).toBe('vggt_report_A40')
    expect(readdirSync(join(folder, 'originals'))).toEqual([run.sourceSha256])
    const answer = await answerOf(await get(`/api/runs/${first.run}/analyses/ledger?iteration=1`))
    const device = answer.result.devices[0]!
    expect(device.owners.reduce((sum: number, one: { ns: number }) => sum + one.ns, 0)).toBe(device.wallNs)
    expect(answer.tables[0]!.rows.length).toBe(device.owners.length)
    const edited = await fetch(`${server.url}/api/runs/${first.run}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ label: 'three frames', tags: ['a40'] }),
    })
    expect(await edited.json()).toMatchObject({ label: 'three frames', tags: ['a40'] })
  })
})

describe('errors', () => {
  test.each([
    ['/api/runs/99', 404, 'not-found'],
    ['/api/runs/x', 404, 'not-found'],
    ['/api/runs/99/analyses/nothing', 400, 'bad-request'],
    ['/api/nowhere', 404, 'not-found'],
    ['/api/jobs/99', 404, 'not-found'],
  ])('%s answers %i', async (path, status, kind) => {
    const response = await get(path)
    expect(response.status).toBe(status)
    const { error } = await answerOf(response)
    expect(error.kind).toBe(kind)
    expect(error.message).not.toContain('\n')
  })

  test('a body that is no JSON is a bad request', async () => {
    const response = await fetch(`${server.url}/api/runs/1`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    })
    expect(response.status).toBe(400)
  })
})
