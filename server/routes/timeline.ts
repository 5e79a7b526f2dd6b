/**
 * The timeline's routes, to be mounted by the app:
 *
 *   GET /api/runs/:run/tracks                              Tracks
 *   GET /api/runs/:run/tiles/:track/:level/:index?v=…      binary (analysis/timeline/tile-code.ts)
 *   GET /api/runs/:run/names/:chunk?v=…                    string[], NAMES_CHUNK of them from chunk · NAMES_CHUNK on
 *   GET /api/runs/:run/spans/:table/:row                   SpanDetail
 *   GET /api/runs/:run/spans/:table/:row/relations         SpanRelations
 *   GET /api/runs/:run/search?q=…&limit=…                  { hits: SearchHit[], total }
 *
 * Tiles and names asked for with the run's own version (`Tracks.version`) are immutable: a browser keeps them for good.
 */
import { Router } from 'express'
import type { Response } from 'express'
import { relationsOf } from '../../analysis/timeline/relations.ts'
import { searchNames } from '../../analysis/timeline/search.ts'
import { spanDetail } from '../../analysis/timeline/span-detail.ts'
import { encodeTile } from '../../analysis/timeline/tile-code.ts'
import { tileOf, tracksOf } from '../../analysis/timeline/timeline.ts'
import { UserError } from '../../trace/errors.ts'
import { NAMES_CHUNK, TILE_VERSION } from '../../trace/timeline.ts'
import type { Tracks } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'

export interface TimelineSource {
  /** Throws UserError('not-found') for a run that is not there. */
  loadTrace(run: number): Trace | Promise<Trace>
  /** Names the run's content: two runs of one content have one. */
  contentOf(run: number): string
  /** First to last event of any kind. */
  captureNs(run: number): [number, number] | null
}

const FOREVER = 'private, max-age=31536000, immutable'

export function timelineRoutes(source: TimelineSource): Router {
  const router = Router()
  const versionOf = (run: number): string => `${TILE_VERSION}-${source.contentOf(run).slice(0, 16)}`
  // Only content that the address names is immutable; without the version an address may mean another run tomorrow.
  const keep = (response: Response, run: number, asked: unknown): void => {
    response.set('Cache-Control', asked === versionOf(run) ? FOREVER : 'no-cache')
  }

  router.get('/api/runs/:run/tracks', async (request, response) => {
    const run = numberIn(request.params.run, 'run')
    const trace = await source.loadTrace(run)
    const tracks: Tracks = {
      tracks: tracksOf(trace).map((data) => data.track),
      version: versionOf(run),
      captureNs: source.captureNs(run),
    }
    response.json(tracks)
  })

  router.get('/api/runs/:run/tiles/:track/:level/:index', async (request, response) => {
    const { params, query } = request
    const run = numberIn(params.run, 'run')
    const trace = await source.loadTrace(run)
    const tile = tileOf(trace, params.track, numberIn(params.level, 'level'), numberIn(params.index, 'index'))
    const bytes = encodeTile(tile)
    keep(response, run, query['v'])
    response.type('application/octet-stream').send(Buffer.from(bytes.buffer))
  })

  router.get('/api/runs/:run/names/:chunk', async (request, response) => {
    const run = numberIn(request.params.run, 'run')
    const trace = await source.loadTrace(run)
    const from = numberIn(request.params.chunk, 'chunk') * NAMES_CHUNK
    keep(response, run, request.query['v'])
    response.json(trace.strings.slice(from, from + NAMES_CHUNK))
  })

  router.get('/api/runs/:run/spans/:table/:row', async (request, response) => {
    const { run, table, row } = request.params
    const trace = await source.loadTrace(numberIn(run, 'run'))
    response.json(spanDetail(trace, table, numberIn(row, 'row')))
  })

  router.get('/api/runs/:run/spans/:table/:row/relations', async (request, response) => {
    const { run, table, row } = request.params
    const trace = await source.loadTrace(numberIn(run, 'run'))
    response.json(relationsOf(trace, table, numberIn(row, 'row')))
  })

  router.get('/api/runs/:run/search', async (request, response) => {
    const trace = await source.loadTrace(numberIn(request.params.run, 'run'))
    const { q, limit } = request.query
    if (typeof q !== 'string') throw new UserError('bad-request', 'search needs a text: ?q=attention')
    response.json(
      searchNames(trace, q, Math.min(typeof limit === 'string' ? numberIn(limit, 'limit') : 50, 500)),
    )
  })
  return router
}

function numberIn(text: string, what: string): number {
  if (!/^-?\d{1,16}$/.test(text))
    throw new UserError('bad-request', `${what} must be a whole number, not "${text}"`)
  return Number(text)
}
