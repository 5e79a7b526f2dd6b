/**
 * The server's answers, typed and checked by the schemas both sides share (`trace/api.ts`).
 *
 * A run's content never changes, so each of its answers is asked for once and kept while the page lives.
 */
import { z } from 'zod'
import {
  AnalysisAnswer,
  AnalysisInfo,
  ApiError,
  FormatInfo,
  ImportJob,
  Lacking,
  RunInfo,
} from '../../trace/api.ts'
import type { RunEdit } from '../../trace/api.ts'
import { ClaimsAnswer } from '../../trace/claims-api.ts'
import type { ClaimsQuestion } from '../../trace/claims-api.ts'
import { DiffAnswer } from '../../trace/diff-api.ts'
import { NsysReportAnswer, NsysReportInfo } from '../../trace/nsys-api.ts'
import { SqlAnswer, SqlOffer } from '../../trace/sql-api.ts'
import type { SqlQuery } from '../../trace/sql-api.ts'
import { Track } from '../../trace/timeline.ts'
import type { AnalysisId, Answer } from './answers.ts'
import { ClientError } from './client-error.ts'

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>
const Runs = z.object({ runs: z.array(RunInfo) })
const Reports = z.object({ reports: z.array(NsysReportInfo) })
const Tracks = z.object({ tracks: z.array(Track) })

export class Client {
  readonly #kept = new Map<string, Promise<unknown>>()

  formats(): Promise<FormatInfo[]> {
    return this.#once('/api/formats', z.array(FormatInfo))
  }

  analyses(): Promise<AnalysisInfo[]> {
    return this.#once('/api/analyses', z.array(AnalysisInfo))
  }

  /** Always asked anew: other people and the command line import runs, too. */
  async runs(): Promise<RunInfo[]> {
    return (await this.#ask('/api/runs', Runs)).runs
  }

  run(run: number): Promise<RunInfo> {
    return this.#ask(`/api/runs/${run}`, RunInfo)
  }

  /** Changes label, tags or notes. */
  edit(run: number, edit: RunEdit): Promise<RunInfo> {
    return this.#ask(`/api/runs/${run}`, RunInfo, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(edit),
    })
  }

  async delete(run: number): Promise<void> {
    await this.#send(`/api/runs/${run}`, { method: 'DELETE' })
    for (const path of this.#kept.keys()) if (path.startsWith(`/api/runs/${run}/`)) this.#kept.delete(path)
  }

  /** Which tables the run lacks for each analysis. */
  lacking(run: number): Promise<Lacking> {
    return this.#once(`/api/runs/${run}/lacking`, Lacking)
  }

  /** An analysis as its default tables. */
  analysis(run: number, analysis: string, parameters: Parameters = {}): Promise<AnalysisAnswer> {
    return this.#once(`/api/runs/${run}/analyses/${analysis}${search(parameters)}`, AnalysisAnswer)
  }

  /** An analysis as its result, typed by its own function. */
  async result<Id extends AnalysisId>(
    run: number,
    analysis: Id,
    parameters: Parameters = {},
  ): Promise<Answer<Id>> {
    return (await this.analysis(run, analysis, parameters)).result as Answer<Id>
  }

  /** nsys' reports and rules, and which have an answer for this run. */
  async nsysReports(run: number): Promise<NsysReportInfo[]> {
    return (await this.#once(`/api/runs/${run}/nsys`, Reports)).reports
  }

  /** The first rows of one of them. */
  nsysReport(run: number, report: string): Promise<NsysReportAnswer> {
    return this.#once(`/api/runs/${run}/nsys/${report}`, NsysReportAnswer)
  }

  /** Why one run is faster than another. */
  diff(
    base: number,
    candidate: number,
    choice: { pairs?: readonly string[]; device?: string | undefined } = {},
  ): Promise<DiffAnswer> {
    const query = new URLSearchParams({ base: String(base), candidate: String(candidate) })
    for (const pair of choice.pairs ?? []) query.append('pair', pair)
    if (choice.device !== undefined) query.set('device', choice.device)
    return this.#once(`/api/diff?${query}`, DiffAnswer)
  }

  /** Claims against two runs. */
  claims(question: ClaimsQuestion): Promise<ClaimsAnswer> {
    return this.#ask('/api/claims', ClaimsAnswer, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    })
  }

  async tracks(run: number): Promise<Track[]> {
    return (await this.#once(`/api/runs/${run}/tracks`, Tracks)).tracks
  }

  /** What can be asked of a run in SQL. */
  sqlOffer(run: number): Promise<SqlOffer> {
    return this.#once(`/api/runs/${run}/sql`, SqlOffer)
  }

  /** One statement; ending the signal ends it on the server, too. */
  sql(run: number, query: SqlQuery, signal?: AbortSignal): Promise<SqlAnswer> {
    return this.#ask(`/api/runs/${run}/sql`, SqlAnswer, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
      signal,
    })
  }

  jobs(): Promise<ImportJob[]> {
    return this.#ask('/api/jobs', z.array(ImportJob))
  }

  async cancelJob(job: number): Promise<void> {
    await this.#send(`/api/jobs/${job}`, { method: 'DELETE' })
  }

  #once<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const kept = this.#kept.get(path)
    if (kept !== undefined) return kept as Promise<T>
    const asked = this.#ask(path, schema)
    this.#kept.set(path, asked)
    // A failure is not an answer: the next one who asks tries again.
    asked.catch(() => this.#kept.delete(path))
    return asked
  }

  async #ask<T>(path: string, schema: z.ZodType<T>, init?: RequestInit): Promise<T> {
    const response = await this.#send(path, init)
    const body: unknown = await response.json().catch(() => undefined)
    return checked(schema, body, path)
  }

  async #send(path: string, init?: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetch(path, init)
    } catch {
      throw new ClientError(
        'unreachable',
        `The Parallax server at ${location.host} does not answer. Start it with "profile-vggt serve", then try again.`,
      )
    }
    if (response.ok) return response
    const error = ApiError.safeParse(await response.json().catch(() => undefined))
    if (error.success) throw new ClientError(error.data.error.kind, error.data.error.message, response.status)
    throw new ClientError(
      'contract',
      `${path} answered ${response.status} ${response.statusText} without saying why. The server's log has the reason.`,
      response.status,
    )
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const first = parsed.error.issues[0]
  const at = first.path.join('.') || 'the answer'
  throw new ClientError(
    'contract',
    `${path}: ${at} is not what this page expects (${first.message}). Page and server are of different versions: reload the page.`,
  )
}

function search(parameters: Parameters): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) query.set(name, String(value))
  query.sort()
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

export const client = new Client()
