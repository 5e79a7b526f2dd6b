/**
 * A stand-in for the server, with synthetic runs, for the states that a real one reaches only by accident: failures,
 * slow answers, empty stores. It serves the built page under the server's own content security policy.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import helmet from 'helmet'
import type { ImportJob } from '../../trace/api.ts'
import { analyses, syntheticRuns, tablesOf } from './synthetic.ts'

export interface Mock {
  url: string
  runs: ReturnType<typeof syntheticRuns>
  /** Answers of these paths fail with this status and message. */
  failing: Map<string, { status: number; message: string }>
  /** Every request that was made, as "GET /api/runs". */
  asked: string[]
  close(): Promise<void>
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export async function startMock(dist: string, port = 0): Promise<Mock> {
  const policy = helmet()
  const jobs: ImportJob[] = []
  const uploads = new Map<string, { name: string; total: number; at: number }>()
  const mock: Mock = {
    url: '',
    runs: syntheticRuns(),
    failing: new Map(),
    asked: [],
    close: () => new Promise((done) => void server.close(() => done())),
  }

  async function api(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [, , what, id, , analysis] = path.split('/')
    const failure = mock.failing.get(path)
    if (failure) return fail(response, failure.status, 'bad-input', failure.message)
    const run = mock.runs.find((one) => one.info.id === Number(id))
    if (path === '/api/formats')
      return send(response, 200, [
        {
          id: 'nsys-sqlite',
          title: 'Nsight Systems export',
          capture: 'nsys export --type sqlite report.nsys-rep',
        },
        { id: 'ort-profile', title: 'ONNX Runtime profile', capture: 'profile-vggt run --backend onnx' },
      ])
    if (path === '/api/analyses') return send(response, 200, analyses)
    if (path === '/api/runs') return send(response, 200, { runs: mock.runs.map((one) => one.info) })
    if (what === 'jobs') return send(response, 200, jobs.map(progress))
    if (what === 'uploads') return upload(request, response, id)
    if (what === 'runs' && !run)
      return fail(response, 404, 'not-found', `There is no run ${id}; "profile-vggt runs" lists them.`)
    if (!run) return fail(response, 404, 'not-found', `${path} is not part of the API.`)
    if (request.method === 'DELETE') {
      mock.runs = mock.runs.filter((one) => one !== run)
      response.writeHead(204).end()
      return
    }
    if (request.method === 'PATCH') Object.assign(run.info, JSON.parse(await bodyOf(request).then(String)))
    if (analysis === undefined) return send(response, 200, run.info)
    if (!(analysis in run.results))
      return fail(response, 404, 'not-found', `There is no analysis "${analysis}".`)
    send(response, 200, {
      analysis,
      run: run.info.id,
      result: run.results[analysis],
      tables: tablesOf(analysis, run),
    })
  }

  async function upload(
    request: IncomingMessage,
    response: ServerResponse,
    id: string | undefined,
  ): Promise<void> {
    const tus = { 'tus-resumable': '1.0.0' }
    if (request.method === 'POST') {
      const name = Buffer.from(String(request.headers['upload-metadata']).split(' ')[1], 'base64').toString()
      const key = String(uploads.size + 1)
      uploads.set(key, { name, total: Number(request.headers['upload-length']), at: 0 })
      response.writeHead(201, { ...tus, location: `/api/uploads/${key}` }).end()
      return
    }
    const one = uploads.get(id ?? '')
    if (!one) return fail(response, 404, 'not-found', 'There is no such upload.')
    if (request.method === 'PATCH') {
      one.at += (await bodyOf(request)).length
      if (one.name.endsWith('.txt'))
        return fail(
          response,
          422,
          'bad-input',
          `${one.name} is not a trace this program knows. It reads Nsight Systems exports.`,
        )
      if (one.at === one.total)
        jobs.push({
          id: jobs.length + 1,
          name: one.name,
          state: 'waiting',
          bytesDone: one.total,
          bytesTotal: one.total,
          rows: 0,
          run: null,
          already: false,
          message: null,
        })
    }
    response.writeHead(204, { ...tus, 'upload-offset': String(one.at) }).end()
  }

  async function file(response: ServerResponse, path: string): Promise<void> {
    const inside = normalize(path).replace(/^(\.\.[/\\])+/, '')
    const name = extname(inside) ? inside : 'index.html'
    const body = await readFile(join(dist, name)).catch(() => undefined)
    if (body === undefined) response.writeHead(404).end()
    else
      response
        .writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' })
        .end(body)
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    mock.asked.push(`${request.method} ${path}`)
    policy(request, response, () => {
      void (path.startsWith('/api/') ? api(request, response, path) : file(response, path))
    })
  })
  await new Promise<void>((ready) => void server.listen(port, '127.0.0.1', ready))
  mock.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return mock
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const fail = (response: ServerResponse, status: number, kind: string, message: string): void =>
  send(response, status, { error: { kind, message } })

/** An import takes three looks: waiting, importing, done. */
function progress(job: ImportJob): ImportJob {
  if (job.state === 'importing' && job.rows >= 100_000) {
    job.state = 'done'
    job.run = 1
  } else if (job.state === 'importing') job.rows += 50_000
  else if (job.state === 'waiting') job.state = 'importing'
  return job
}
