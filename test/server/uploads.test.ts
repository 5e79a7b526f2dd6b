/** Uploads that do not go straight through: broken off, gone on with, several at once, cancelled. */
import { request } from 'node:http'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Store } from '../../db/store.ts'
import { startServer } from '../../server/start.ts'
import type { RunningServer } from '../../server/start.ts'
import { ImportJob } from '../../trace/api.ts'

const folder = mkdtempSync(join(tmpdir(), 'parallax-uploads-'))
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

const TUS = { 'Tus-Resumable': '1.0.0' }

/** A Chrome trace of so many kernels, 150 bytes each; `seed` makes the content another. */
function traceOf(kernels: number, seed: number): Buffer {
  const event = (i: number): string =>
    `{"ph":"X","cat":"kernel","name":"synthetic_kernel_${(i + seed) % 50}","pid":0,"tid":7,"ts":${i * 10}.${seed},"dur":5.5,"args":{"device":0,"stream":7,"correlation":${i + 1}}}`
  return Buffer.from(
    `{"deviceProperties":[{"id":0,"name":"synthetic"}],"traceEvents":[${Array.from({ length: kernels }, (_, i) => event(i)).join(',\n')}]}`,
  )
}

async function create(name: string, bytes: number): Promise<string> {
  const created = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: {
      ...TUS,
      'Upload-Length': String(bytes),
      'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
  })
  expect(created.status).toBe(201)
  return new URL(created.headers.get('Location')!, `${server.url}/api/uploads/`).href
}

const offsetOf = async (location: string): Promise<number> =>
  Number((await fetch(location, { method: 'HEAD', headers: TUS })).headers.get('Upload-Offset'))

const patch = (location: string, offset: number, body: Buffer): Promise<Response> =>
  fetch(location, {
    method: 'PATCH',
    headers: { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
    body: new Uint8Array(body),
  })

/** Announces all of `content` and hangs up after `sent` bytes. */
function hangUp(location: string, content: Buffer, sent: number): Promise<void> {
  return new Promise((resolve) => {
    const wire = request(location, {
      method: 'PATCH',
      headers: {
        ...TUS,
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': content.length,
      },
    })
    wire.on('error', () => undefined).on('close', resolve)
    wire.write(content.subarray(0, sent), () => setTimeout(() => wire.destroy(), 200))
  })
}

async function ended(job: number): Promise<ImportJob> {
  for (;;) {
    const now = ImportJob.parse(await (await fetch(`${server.url}/api/jobs/${job}`)).json())
    if (['done', 'failed', 'cancelled'].includes(now.state)) return now
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const leftOver = (): string[] => {
  const path = join(folder, 'uploads')
  return existsSync(path) ? readdirSync(path) : []
}

/** The import that began when the last byte was there. */
const jobOf = (last: Response): number => Number(last.headers.get('Parallax-Job'))

test('an upload whose connection broke goes on from the byte that arrived', async () => {
  const content = traceOf(60_000, 1)
  const location = await create('broken.json', content.length)
  await hangUp(location, content, 3 << 20)
  const arrived = await offsetOf(location)
  expect(arrived).toBeGreaterThan(0)
  expect(arrived).toBeLessThan(content.length)
  const job = await ended(jobOf(await patch(location, arrived, content.subarray(arrived))))
  expect(job).toMatchObject({ state: 'done', bytesTotal: content.length })
  expect(store.run(job.run!).counts.device_op).toBe(60_000)
})

test('several uploads at once become a run each, and the server answers meanwhile', async () => {
  const contents = [2, 3, 4].map((seed) => traceOf(20_000, seed))
  const jobs = await Promise.all(
    contents.map(async (content, i) => {
      const location = await create(`several-${i}.json`, content.length)
      let last: Response | undefined
      for (let at = 0; at < content.length; at += 1 << 20) {
        last = await patch(location, at, content.subarray(at, at + (1 << 20)))
        expect((await fetch(`${server.url}/api/runs`)).status).toBe(200)
      }
      return ended(jobOf(last!))
    }),
  )
  expect(jobs.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  expect(new Set(jobs.map(({ run }) => run)).size).toBe(3)
})

test('an upload cancelled on its way leaves nothing behind', async () => {
  const before = store.runs().length
  const content = traceOf(20_000, 5)
  const location = await create('cancelled.json', content.length)
  await patch(location, 0, content.subarray(0, 1 << 20))
  expect(leftOver()).not.toEqual([])
  expect((await fetch(location, { method: 'DELETE', headers: TUS })).status).toBe(204)
  expect(leftOver()).toEqual([])
  expect((await patch(location, 1 << 20, content.subarray(1 << 20))).status).toBe(404)
  expect(store.runs().length).toBe(before)
})
