/**
 * A window of a run to take away:
 *
 *   GET /api/runs/:run/export/csv?fromNs=…&toNs=…&tracks=stream-0,api-0       text/csv
 *   GET /api/runs/:run/export/perfetto?fromNs=…&toNs=…                        Perfetto protobuf
 *
 * Without times it is the whole capture. Written as it is made, so that a run of any size can be sent.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import type { Request, Response } from 'express'
import { captureWindow } from '../../analysis/capture-window.ts'
import { phased } from '../../analysis/phased.ts'
import type { Store } from '../../db/store.ts'
import { csvOf } from '../../export/csv.ts'
import { perfettoOf } from '../../export/perfetto.ts'
import type { ExportWindow } from '../../export/window.ts'
import type { Trace } from '../../trace/trace.ts'
import { numberIn } from './number-in.ts'
import { runId } from './runs.ts'

type Writer = (trace: Trace, window: ExportWindow) => Iterable<string | Uint8Array>

export function exportRoutes(store: Store): Router {
  const routes = Router()
  const send = (
    run: number,
    request: Request,
    response: Response,
    write: Writer,
    ending: string,
  ): Promise<void> => {
    const { label } = store.run(run)
    const trace = phased(store.loadTrace(run))
    const chunks = write(trace, windowIn(trace, request.query))[Symbol.iterator]()
    // The first chunk is made before anything is sent: what is wrong with the request is still an answer of its own.
    const first = chunks.next()
    response.attachment(`${label.replaceAll(/[^\w.-]+/g, '_')}.${ending}`)
    return pipeline(Readable.from(rest(first, chunks), { objectMode: false }), response)
  }
  routes.get('/runs/:run/export/csv', (request, response) =>
    send(runId(request.params.run), request, response.type('text/csv'), csvOf, 'csv'),
  )
  routes.get('/runs/:run/export/perfetto', (request, response) =>
    send(
      runId(request.params.run),
      request,
      response.type('application/octet-stream'),
      perfettoOf,
      'perfetto-trace',
    ),
  )
  return routes
}

function windowIn(trace: Trace, query: Request['query']): ExportWindow {
  const capture = captureWindow(trace) ?? [0, 0]
  const { fromNs, toNs, tracks } = query
  return {
    from: fromNs === undefined ? capture[0] : numberIn(fromNs, 'fromNs'),
    // One more than the last event, so that an instant at the very end is in it.
    to: toNs === undefined ? capture[1] + 1 : numberIn(toNs, 'toNs'),
    tracks: typeof tracks === 'string' && tracks !== '' ? tracks.split(',') : undefined,
  }
}

function* rest<T>(first: IteratorResult<T>, chunks: Iterator<T>): Generator<T> {
  for (let next = first; next.done !== true; next = chunks.next()) yield next.value
}
