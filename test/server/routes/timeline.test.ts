import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeTile } from '../../../analysis/timeline/tile-code.ts'
import { syntheticRun } from '../../../fixtures/synthetic-run.ts'
import { keepResults } from '../../../server/import-file.ts'
import {
  Note,
  rootLevel,
  SpanPlace,
  SpanRelations,
  Stretches,
  Tracks,
  WindowContents,
} from '../../../trace/timeline.ts'
import { startTimelineServer } from '../../web/timeline-server.ts'
import type { TimelineServer } from '../../web/timeline-server.ts'

let server: TimelineServer
let run: number
const get = (path: string): Promise<Response> => fetch(`${server.url}/api/runs/${run}/${path}`)
const errorOf = async (path: string): Promise<unknown> => {
  const response = await get(path)
  return { status: response.status, ...((await response.json()) as { error: object }).error }
}

beforeAll(async () => {
  server = await startTimelineServer()
  run = server.add(syntheticRun({ kernels: 2_000 }), 'synthetic')
})
afterAll(() => server.close())

describe('tiles', () => {
  test('a tile asked for with the run’s version is immutable, without it is not', async () => {
    const { tracks, version, captureNs } = Tracks.parse(await (await get('tracks')).json())
    expect(tracks.map(({ id }) => id)).toContain('stream-0')
    expect(captureNs![1]).toBeGreaterThan(captureNs![0])
    const kept = await get(`tiles/stream-0/20/0?v=${version}`)
    expect(kept.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    const tile = decodeTile(await kept.arrayBuffer())
    expect(tile).toMatchObject({ level: 20, index: 0 })
    expect(tile.sections).toHaveLength(1)
    expect((await get('tiles/stream-0/20/0')).headers.get('cache-control')).toBe('no-cache')
    expect((await get('tiles/stream-0/20/0?v=1-other')).headers.get('cache-control')).toBe('no-cache')
  })

  test('what cannot be is answered in one line', async () => {
    expect(await errorOf('tiles/stream-9/20/0')).toMatchObject({ status: 404, kind: 'not-found' })
    expect(await errorOf('tiles/stream-0/x/0')).toMatchObject({
      status: 400,
      message: 'level must be a whole number, not "x"',
    })
    expect(await errorOf('tiles/stream-0/77/0')).toMatchObject({ status: 400 })
  })

  test('names come in chunks by their number', async () => {
    const names = (await (await get('names/0')).json()) as string[]
    expect(names[0]).toBe('')
    expect(names).toContain('cudaLaunchKernel_v7000')
    expect(await (await get('names/99')).json()).toEqual([])
  })
})

describe('spans', () => {
  test('detail, relations, search, window, stretches and gaps answer by their schemas', async () => {
    const relations = SpanRelations.parse(await (await get('spans/device_op/5/relations')).json())
    expect(relations.cause!.table).toBe('api_call')
    expect(await (await get('spans/device_op/5')).json()).toMatchObject({ table: 'device_op', row: 5 })
    expect(await (await get('search?q=flash&limit=3')).json()).toMatchObject({ total: 1 })
    const window = WindowContents.parse(await (await get('window?fromNs=0&toNs=9000000')).json())
    expect(window.tables.map(({ table }) => table)).toContain('device_op')
    const nearest = await get('nearest/range?name=forward&fromNs=0&toNs=9000000')
    expect(SpanPlace.parse(await nearest.json())).toMatchObject({ table: 'range', name: 'forward' })
    expect(Stretches.parse(await (await get('stretches')).json()).phases.length).toBeGreaterThan(3)
    expect(await (await get('gaps/0?atNs=100400')).json()).toMatchObject({ startNs: 100_400, previous: null })
  })

  test('a question without its parameters is told what is missing', async () => {
    expect(await errorOf('search')).toMatchObject({
      status: 400,
      message: 'search needs a text: ?q=attention',
    })
    expect(await errorOf('window?fromNs=0')).toMatchObject({
      message: 'toNs must be a whole number, not "undefined"',
    })
    expect(await errorOf('nearest/range?fromNs=0&toNs=9')).toMatchObject({
      status: 400,
      message: 'nearest needs a whole name: ?name=forward; "?name=" is no name',
    })
    expect(await errorOf('nearest/range?name=forw&fromNs=0&toNs=9')).toMatchObject({
      status: 404,
      message: 'range has no span named "forw"; search finds names by their words',
    })
    expect(await errorOf('spans/device_op/999999')).toMatchObject({ status: 404 })
  })
})

describe('notes', () => {
  const send = (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${server.url}/api/runs/${run}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const note = { text: ' why idle? ', startNs: 1_000, endNs: null, table: null, row: null }

  test('a note is kept with its run, changed, listed by time, and deleted', async () => {
    const response = await send('POST', 'notes', { ...note, startNs: 9_000 })
    expect(response.status).toBe(201)
    const made = Note.parse(await response.json())
    expect(made.text).toBe('why idle?')
    const earlier = Note.parse(await (await send('POST', 'notes', note)).json())
    const listed = async (): Promise<Note[]> =>
      ((await (await get('notes')).json()) as { notes: Note[] }).notes
    expect((await listed()).map(({ id }) => id)).toEqual([earlier.id, made.id])
    await send('PUT', `notes/${made.id}`, {
      ...note,
      text: 'copy',
      startNs: 1_500,
      endNs: 2_000,
      table: 'device_op',
      row: 3,
    })
    expect((await listed())[1]).toMatchObject({ text: 'copy', startNs: 1_500, endNs: 2_000, row: 3 })
    expect((await send('DELETE', `notes/${made.id}`, {})).status).toBe(204)
    expect(await listed()).toHaveLength(1)
    expect((await send('DELETE', `notes/${made.id}`, {})).status).toBe(404)
  })

  test('a note without text, or of another run, is refused', async () => {
    expect((await send('POST', 'notes', { ...note, text: '  ' })).status).toBe(400)
    expect((await fetch(`${server.url}/api/runs/999/notes`)).status).toBe(404)
  })
})

describe('exports', () => {
  test('a window is sent as a file named after its run', async () => {
    const csv = await get('export/csv?fromNs=0&toNs=5000000&tracks=stream-0')
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename=synthetic.csv')
    expect((await csv.text()).split('\r\n').length).toBeGreaterThan(100)
    const trace = await get('export/perfetto')
    expect(trace.headers.get('content-disposition')).toBe('attachment; filename=synthetic.perfetto-trace')
    // The first byte of every Perfetto trace: field 1, length-delimited.
    expect(new Uint8Array(await trace.arrayBuffer())[0]).toBe(0x0a)
    expect(await errorOf('export/csv?tracks=nothing')).toMatchObject({ status: 404 })
  })
})

describe('what is shown first', () => {
  test('is kept at import: tracks and the coarsest tiles are answered without reading the run, and are the same', async () => {
    const other = server.add(syntheticRun({ kernels: 3_000, seed: 2 }), 'kept')
    const ask = (path: string): Promise<Response> => fetch(`${server.url}/api/runs/${other}/${path}`)
    const tracks = Tracks.parse(await (await ask('tracks')).json())
    const root = rootLevel(Math.max(...tracks.tracks.map(({ lastNs }) => lastNs)))
    const paths = [`tiles/stream-0/${root}/0`, `tiles/range-0/${root - 3}/4`, `tiles/idle-0/${root - 1}/1`]
    const bytesOf = async (path: string): Promise<Buffer> =>
      Buffer.from(await (await ask(path)).arrayBuffer())
    const computed = await Promise.all(paths.map(bytesOf))
    keepResults(server.store, other)
    // The run's own columns are gone: what is answered now cannot come from them.
    server.store.database.prepare('DELETE FROM column_chunk WHERE run_id = ?').run(other)
    expect(Tracks.parse(await (await ask('tracks')).json())).toEqual(tracks)
    for (const [i, path] of paths.entries()) expect((await bytesOf(path)).equals(computed[i]!)).toBe(true)
    server.store.deleteRun(other)
    expect((await ask('tracks')).status).toBe(404)
    expect(server.store.database.prepare('SELECT count(*) AS n FROM overview_tile').get()).toEqual({ n: 0 })
  })
})
