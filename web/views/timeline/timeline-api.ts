/** What the timeline asks the server: tracks, tiles, names, spans, search. Tests give another one. */
import { AnalysisAnswer, SearchHit, SpanDetail } from '../../../trace/api.ts'
import { NONE } from '../../../trace/column.ts'
import {
  Alignment,
  Gap,
  Note,
  SpanPlace,
  SpanRelations,
  Stretches,
  Tracks,
  WindowContents,
} from '../../../trace/timeline.ts'
import type { NoteEdit } from '../../../trace/timeline.ts'
import type { Answer } from '../../lib/answers.ts'
import { z } from 'zod'

const Search = z.object({ hits: z.array(SearchHit), total: z.number() })
export type SearchAnswer = z.infer<typeof Search>

async function ask<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error(await messageOf(response))
  return schema.parse(await response.json())
}

async function send<T>(path: string, method: string, schema: z.ZodType<T>, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(await messageOf(response))
  return schema.parse(await response.json())
}

async function messageOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined)
  const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(body)
  return said.success
    ? said.data.error.message
    : `The server answered ${response.status} ${response.statusText}.`
}

/** What of two runs was matched with what; `pairs` are corrections by hand. */
export function askAlignment(
  base: number,
  candidate: number,
  pairs: readonly string[] = [],
  device?: string,
): Promise<Alignment> {
  const query = new URLSearchParams({ base: String(base), candidate: String(candidate) })
  for (const pair of pairs) query.append('pair', pair)
  if (device !== undefined) query.set('device', device)
  return ask(`/api/alignment?${query}`, Alignment)
}

/** The routes of one run. */
export class TimelineApi {
  readonly #base: string

  constructor(run: number) {
    this.#base = `/api/runs/${run}`
  }

  tracks(): Promise<Tracks> {
    return ask(`${this.#base}/tracks`, Tracks)
  }

  /** `version` is Tracks.version: with it the answer may be kept for good. */
  async tile(
    version: string,
    track: string,
    level: number,
    index: number,
    signal: AbortSignal,
  ): Promise<ArrayBuffer> {
    const response = await fetch(`${this.#base}/tiles/${track}/${level}/${index}?v=${version}`, { signal })
    if (!response.ok) throw new Error(await messageOf(response))
    return response.arrayBuffer()
  }

  names(version: string, chunk: number): Promise<string[]> {
    return ask(`${this.#base}/names/${chunk}?v=${version}`, z.array(z.string()))
  }

  span(table: string, row: number): Promise<SpanDetail> {
    return ask(`${this.#base}/spans/${table}/${row}`, SpanDetail)
  }

  relations(table: string, row: number): Promise<SpanRelations> {
    return ask(`${this.#base}/spans/${table}/${row}/relations`, SpanRelations)
  }

  /** The span of that very name in [fromNs, toNs), else the one nearest to it. */
  nearest(table: string, name: string, fromNs: number, toNs: number): Promise<SpanPlace> {
    const query = `name=${encodeURIComponent(name)}&fromNs=${fromNs}&toNs=${toNs}`
    return ask(`${this.#base}/nearest/${table}?${query}`, SpanPlace)
  }

  window(fromNs: number, toNs: number, signal: AbortSignal): Promise<WindowContents> {
    return ask(`${this.#base}/window?fromNs=${fromNs}&toNs=${toNs}`, WindowContents, signal)
  }

  /** Not kept: windows change with every move of the pointer. */
  async ledger(fromNs: number, toNs: number, signal: AbortSignal): Promise<Answer<'ledger'>> {
    const path = `${this.#base}/analyses/ledger?fromNs=${fromNs}&toNs=${toNs}`
    return (await ask(path, AnalysisAnswer, signal)).result as Answer<'ledger'>
  }

  /** The gap that op `before` ended; the one after the last op where there is none. */
  gap(device: number, before: number, atNs: number): Promise<Gap> {
    const which = before === NONE ? `atNs=${atNs}` : `before=${before}`
    return ask(`${this.#base}/gaps/${device}?${which}`, Gap)
  }

  stretches(): Promise<Stretches> {
    return ask(`${this.#base}/stretches`, Stretches)
  }

  async notes(): Promise<Note[]> {
    return (await ask(`${this.#base}/notes`, z.object({ notes: z.array(Note) }))).notes
  }

  addNote(note: NoteEdit): Promise<Note> {
    return send(`${this.#base}/notes`, 'POST', Note, note)
  }

  editNote(id: number, note: NoteEdit): Promise<Note> {
    return send(`${this.#base}/notes/${id}`, 'PUT', Note, note)
  }

  async deleteNote(id: number): Promise<void> {
    const response = await fetch(`${this.#base}/notes/${id}`, { method: 'DELETE' })
    if (!response.ok) throw new Error(await messageOf(response))
  }

  search(query: string, signal: AbortSignal): Promise<SearchAnswer> {
    return ask(`${this.#base}/search?limit=200&q=${encodeURIComponent(query)}`, Search, signal)
  }
}
