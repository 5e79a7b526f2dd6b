/**
 * The timeline's routes:
 *
 *   GET /api/runs/:run/tracks                              Tracks
 *   GET /api/runs/:run/tiles/:track/:level/:index?v=…      binary (analysis/timeline/tile-code.ts)
 *   GET /api/runs/:run/names/:chunk?v=…                    string[], NAMES_CHUNK of them from chunk · NAMES_CHUNK on
 *   GET /api/runs/:run/spans/:table/:row                   SpanDetail
 *   GET /api/runs/:run/spans/:table/:row/relations         SpanRelations
 *   GET /api/runs/:run/search?q=…&limit=…                  { hits: SearchHit[], total }
 *   GET /api/runs/:run/window?fromNs=…&toNs=…              WindowContents
 *   GET /api/runs/:run/gaps/:device?atNs=… | before=…      Gap at a time, or ended by an op
 *   GET /api/runs/:run/stretches                           Stretches
 *   GET /api/alignment?base=3&candidate=4                  Alignment
 *
 * Tiles and names asked for with the run's own version (`Tracks.version`) are immutable: a browser keeps them for good.
 */
import { Router } from 'express'
import type { Response } from 'express'
import { alignmentOf } from '../../analysis/timeline/alignment.ts'
import { gapAt, gapBefore } from '../../analysis/timeline/gap.ts'
import { relationsOf } from '../../analysis/timeline/relations.ts'
import { searchNames } from '../../analysis/timeline/search.ts'
import { spanDetail } from '../../analysis/timeline/span-detail.ts'
import { stretchesOf } from '../../analysis/timeline/stretches.ts'
import { encodeTile } from '../../analysis/timeline/tile-code.ts'
import { publicTracks } from '../../analysis/timeline/overview.ts'
import { tileOf } from '../../analysis/timeline/timeline.ts'
import { keptTile, keptTracks } from '../../db/overview.ts'
import { windowContents } from '../../analysis/timeline/window-contents.ts'
import { UserError } from '../../trace/errors.ts'
import { NAMES_CHUNK, TILE_VERSION } from '../../trace/timeline.ts'
import type { Tracks } from '../../trace/timeline.ts'
import type { Store } from '../../db/store.ts'
import { numberIn } from './number-in.ts'
import { runId } from './runs.ts'

/** What is needed of the store. */
export type TimelineStore = Pick<Store, 'loadTrace' | 'run' | 'database'>

const FOREVER = 'private, max-age=31536000, immutable'

export function timelineRoutes(store: TimelineStore): Router {
  const routes = Router()
  const versions = new Map<number, string>()
  // A run's content never changes and its id is never given again, so one look at the store is enough.
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

  routes.get('/runs/:run/tracks', (request, response) => {
    const run = runId(request.params.run)
    const tracks: Tracks = {
      tracks: keptTracks(store.database, run, TILE_VERSION) ?? publicTracks(store.loadTrace(run)),
      version: versionOf(run),
      captureNs: store.run(run).captureNs,
    }
    response.json(tracks)
  })

  routes.get('/runs/:run/tiles/:track/:level/:index', (request, response) => {
    const { params, query } = request
    const run = runId(params.run)
    const [level, index] = [numberIn(params.level, 'level'), numberIn(params.index, 'index')]
    const bytes =
      keptTile(store.database, run, TILE_VERSION, { track: params.track, level, index }) ??
      encodeTile(tileOf(store.loadTrace(run), params.track, level, index))
    keep(response, run, query['v'])
    response
      .type('application/octet-stream')
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  })

  routes.get('/runs/:run/names/:chunk', (request, response) => {
    const run = runId(request.params.run)
    const trace = store.loadTrace(run)
    const from = numberIn(request.params.chunk, 'chunk') * NAMES_CHUNK
    keep(response, run, request.query['v'])
    response.json(trace.strings.slice(from, from + NAMES_CHUNK))
  })

  routes.get('/runs/:run/spans/:table/:row', (request, response) => {
    const { run, table, row } = request.params
    const trace = store.loadTrace(runId(run))
    response.json(spanDetail(trace, table, numberIn(row, 'row')))
  })

  routes.get('/runs/:run/spans/:table/:row/relations', (request, response) => {
    const { run, table, row } = request.params
    const trace = store.loadTrace(runId(run))
    response.json(relationsOf(trace, table, numberIn(row, 'row')))
  })

  routes.get('/runs/:run/search', (request, response) => {
    const trace = store.loadTrace(runId(request.params.run))
    const { q, limit } = request.query
    if (typeof q !== 'string') throw new UserError('bad-request', 'search needs a text: ?q=attention')
    response.json(
      searchNames(trace, q, Math.min(typeof limit === 'string' ? numberIn(limit, 'limit') : 50, 500)),
    )
  })
  routes.get('/runs/:run/window', (request, response) => {
    const trace = store.loadTrace(runId(request.params.run))
    const { fromNs, toNs } = request.query
    response.json(windowContents(trace, numberIn(fromNs, 'fromNs'), numberIn(toNs, 'toNs')))
  })

  routes.get('/runs/:run/gaps/:device', (request, response) => {
    const { run, device } = request.params
    const trace = store.loadTrace(runId(run))
    const { atNs, before } = request.query
    response.json(
      before === undefined
        ? gapAt(trace, numberIn(device, 'device'), numberIn(atNs, 'atNs'))
        : gapBefore(trace, numberIn(before, 'before')),
    )
  })

  routes.get('/runs/:run/stretches', (request, response) => {
    response.json(stretchesOf(store.loadTrace(runId(request.params.run))))
  })
  routes.get('/alignment', (request, response) => {
    const { base, candidate } = request.query
    if (typeof base !== 'string' || typeof candidate !== 'string')
      throw new UserError('bad-request', 'alignment needs two runs: ?base=3&candidate=4')
    response.json(alignmentOf(store.loadTrace(runId(base)), store.loadTrace(runId(candidate))))
  })
  return routes
}
