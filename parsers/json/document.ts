/**
 * A trace in JSON, read as a stream: finds the list of events and hands over one element after the other.
 *
 *   { "schemaVersion": 1, …, "traceEvents": [ {…}, {…}, … ], "baseTimeNanoseconds": 17…, … }      object form
 *   [ {…}, {…}, …                                                                                 list form
 *
 * Memory is one window of the text, not the text: an element that does not end inside the window makes it read on, or
 * grow, up to MOST_ELEMENT_BYTES. Values beside the list are walked over wherever they are not asked for.
 *
 * Cut short: the list form may end without its "]" (writers that stop at any time rely on it; the format allows it), which
 * gives a warning. Everything else that is cut is refused: half an event, or an object whose end, and with it the
 * header fields that follow the events, is missing.
 */
import { UserError } from '../../trace/errors.ts'
import type { ReadEffects } from '../format.ts'
import { Document } from './document-state.ts'
import type { DocumentVisitor } from './document-state.ts'
import { JsonFault } from './fault.ts'
import { openBytes } from './source.ts'
import type { ByteSource } from './source.ts'
import { Window } from './window.ts'

export type { DocumentVisitor } from './document-state.ts'

/** Reads the whole file. Throws UserError('bad-input') where it is no such document, damaged or cut. */
export async function readDocument(
  path: string,
  visitor: DocumentVisitor,
  effects: ReadEffects,
): Promise<void> {
  await readDocumentFrom(await openBytes(path), visitor, effects)
}

/** The same from an open source, which it closes. `windowBytes`: how much text to hold at first. */
export async function readDocumentFrom(
  source: ByteSource,
  visitor: DocumentVisitor,
  effects: ReadEffects,
  windowBytes?: number,
): Promise<void> {
  const window = new Window(source, windowBytes)
  const document = new Document(visitor)
  try {
    let at = 0
    for (;;) {
      effects.signal?.throwIfAborted()
      const hasMore = await window.fill(at)
      at = document.consume(window.bytes, 0, window.end, !hasMore)
      effects.progress?.({ bytesDone: source.bytesDone, bytesTotal: source.bytesTotal, rows: visitor.rows })
      if (!hasMore) break
    }
    document.finish(at, window.end)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const place = error.at === undefined ? '' : `, at byte ${window.offset + error.at}`
    throw new UserError('bad-input', `${source.name} ${error.message}${place}; ${error.advice}`, {
      cause: error,
    })
  } finally {
    await source.close()
  }
}
