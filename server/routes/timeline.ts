/**
 * The timeline's routes:
 *
 *   GET /api/runs/:run/tracks                              Tracks
 *   GET /api/runs/:run/tiles/:track/:level/:index?v=…      binary (analysis/timeline/tile-code.ts)
 *   GET /api/runs/:run/names/:chunk?v=…                    string[], NAMES_CHUNK of them from chunk · NAMES_CHUNK on
 *   GET /api/runs/:run/spans/:table/:row                   SpanDetail
 *   GET /api/runs/:run/spans/:table/:row/relations         SpanRelations
 *   GET /api/runs/:run/search?q=…&limit=…                  { hits: SearchHit[], total }
 *   GET /api/runs/:run/nearest/:table?name=…&fromNs=…&toNs=…   SpanPlace of that very name in, else nearest to a window
 *   GET /api/runs/:run/window?fromNs=…&toNs=…              WindowContents
 *   GET /api/runs/:run/gaps/:device?atNs=… | before=…      Gap at a time, or ended by an op
 *   GET /api/runs/:run/stretches                           Stretches
 *   GET /api/alignment?base=3&candidate=4                  Alignment (&pair=A=B, &device=1 as in /api/diff)
 *
 * Tiles and names asked for with the run's own version (`Tracks.version`) are immutable: a browser keeps them for good.
 */
import { Router } from 'express'
import type { Request, Response } from 'express'
import { keptTile, keptTracks } from '../../db/overview.ts'
import type { Store } from '../../db/store.ts'
import { UserError } from '../../trace/errors.ts'
import { TILE_VERSION } from '../../trace/timeline.ts'
import type { Tracks } from '../../trace/timeline.ts'
import type { Reader } from '../reader.ts'
import { whileOpen } from './while-open.ts'
import { pairsIn } from './diff.ts'
import { numberIn } from './number-in.ts'
import { runId } from './runs.ts'

/** What is needed of the store, and of who reads traces. */
type TimelineStore = Pick<Store, 'run' | 'database'>
type Asks = Pick<Reader, 'ask' | 'askWhile'>

const FOREVER = 'private, max-age=31536000, immutable'

export function timelineRoutes(store: TimelineStore, reader: Asks): Router {
  const routes = Router()
  const isThere = store.database.prepare<[number], { id: number }>('SELECT id FROM run WHERE id = ?')
  /** The run of a request. A reader may still hold what was deleted, so the store decides. */
  const runOf = (request: Request): number => {
    const run = runId(String(request.params['run']))
    if (isThere.get(run) === undefined) store.run(run)
    return run
  }
  // A run's content never changes and its id is never given again, so one look at the store is enough.
  const versions = new Map<number, string>()
  const versionOf = (run: number): string => {
    let version = versions.get(run)
    if (version === undefined)
      versions.set(run, (version = `${TILE_VERSION}-${store.run(run).sourceSha256.slice(0, 16)}`))
    return version
  }
  // Only content that the address names is immutable; without the version an address may mean another run tomorrow.
  const keep = (response: Response, run: number, asked: unknown): void => {
    response.set('Cache-Control', asked === versionOf(run) ? FOREVER : 'no-cache')
  }

  routes.get('/runs/:run/tracks', async (request, response) => {
    const run = runOf(request)
    const tracks: Tracks = {
      tracks: keptTracks(store.database, run, TILE_VERSION) ?? (await reader.ask('tracks', run)),
      version: versionOf(run),
      captureNs: store.run(run).captureNs,
    }
    response.json(tracks)
  })

  routes.get('/runs/:run/tiles/:track/:level/:index', async (request, response) => {
    const run = runOf(request)
    const { track } = request.params
    const [level, index] = [numberIn(request.params.level, 'level'), numberIn(request.params.index, 'index')]
    const bytes =
      keptTile(store.database, run, TILE_VERSION, { track, level, index }) ??
      (await reader.askWhile(whileOpen(response), 'tile', run, track, level, index))
    keep(response, run, request.query['v'])
    response
      .type('application/octet-stream')
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  })

  routes.get('/runs/:run/names/:chunk', async (request, response) => {
    const run = runOf(request)
    const names = await reader.ask('names', run, numberIn(request.params.chunk, 'chunk'))
    keep(response, run, request.query['v'])
    response.json(names)
  })

  routes.get('/runs/:run/spans/:table/:row', async (request, response) => {
    const { table, row } = request.params
    response.json(await reader.ask('span', runOf(request), table, numberIn(row, 'row')))
  })

  routes.get('/runs/:run/spans/:table/:row/relations', async (request, response) => {
    const { table, row } = request.params
    response.json(await reader.ask('relations', runOf(request), table, numberIn(row, 'row')))
  })

  routes.get('/runs/:run/search', async (request, response) => {
    const { q, limit } = request.query
    if (typeof q !== 'string') throw new UserError('bad-request', 'search needs a text: ?q=attention')
    const most = limit === undefined ? 50 : Math.min(numberIn(limit, 'limit'), 500)
    response.json(await reader.askWhile(whileOpen(response), 'search', runOf(request), q, most))
  })

  routes.get('/runs/:run/nearest/:table', async (request, response) => {
    const { name, fromNs, toNs } = request.query
    if (typeof name !== 'string')
      throw new UserError('bad-request', 'nearest needs a whole name: ?name=forward; "?name=" is no name')
    const [from, to] = [numberIn(fromNs, 'fromNs'), numberIn(toNs, 'toNs')]
    response.json(await reader.ask('nearest', runOf(request), request.params.table, name, from, to))
  })

  routes.get('/runs/:run/window', async (request, response) => {
    const { fromNs, toNs } = request.query
    const [from, to] = [numberIn(fromNs, 'fromNs'), numberIn(toNs, 'toNs')]
    response.json(await reader.askWhile(whileOpen(response), 'window', runOf(request), from, to))
  })

  routes.get('/runs/:run/gaps/:device', async (request, response) => {
    const run = runOf(request)
    const { atNs, before } = request.query
    const device = numberIn(request.params.device, 'device')
    response.json(
      before === undefined
        ? await reader.ask('gap', run, device, numberIn(atNs, 'atNs'))
        : await reader.ask('gapBefore', run, numberIn(before, 'before')),
    )
  })

  routes.get('/runs/:run/stretches', async (request, response) => {
    response.json(await reader.ask('stretches', runOf(request)))
  })

  routes.get('/alignment', async (request, response) => {
    const { base, candidate, pair, device } = request.query
    if (typeof base !== 'string' || typeof candidate !== 'string')
      throw new UserError('bad-request', 'alignment needs two runs: ?base=3&candidate=4')
    response.json(
      await reader.ask(
        'alignment',
        store.run(runId(base)).id,
        store.run(runId(candidate)).id,
        pairsIn(pair),
        device === undefined ? undefined : numberIn(device, 'device'),
      ),
    )
  })
  return routes
}
