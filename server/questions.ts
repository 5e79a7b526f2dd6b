/**
 * What the server is asked about traces, as functions of a store. They run in a thread of their own (reader.ts), so that
 * reading ten million kernels keeps no other request waiting.
 */
import { missingOf, parseParameters, run as runAnalysis } from '../analysis/analysis.ts'
import { judgeClaims } from '../analysis/claims/judge-claims.ts'
import { components } from '../analysis/diff/components.ts'
import { diffOf, pooledPair } from '../analysis/diff/diff.ts'
import type { Floor } from '../analysis/diff/noise.ts'
import { analyses, analysisOf } from '../analysis/index.ts'
import { documentOf, reportsOf } from '../analysis/nsys/document.ts'
import { nsysReportOf, runReport } from '../analysis/nsys/index.ts'
import { phased } from '../analysis/phased.ts'
import { alignmentOf } from '../analysis/timeline/alignment.ts'
import { gapAt, gapBefore } from '../analysis/timeline/gap.ts'
import { nearestNamed } from '../analysis/timeline/nearest-named.ts'
import { publicTracks } from '../analysis/timeline/overview.ts'
import { relationsOf } from '../analysis/timeline/relations.ts'
import { searchNames } from '../analysis/timeline/search.ts'
import { spanDetail } from '../analysis/timeline/span-detail.ts'
import { stretchesOf } from '../analysis/timeline/stretches.ts'
import { encodeTile } from '../analysis/timeline/tile-code.ts'
import { tileOf } from '../analysis/timeline/timeline.ts'
import { windowContents } from '../analysis/timeline/window-contents.ts'
import type { Store } from '../db/store.ts'
import type { Lacking } from '../trace/api.ts'
import type { ClaimsAnswer } from '../trace/claims-api.ts'
import type { ClaimsFile } from '../trace/claims.ts'
import type { DiffAnswer } from '../trace/diff-api.ts'
import { NAMES_CHUNK } from '../trace/timeline.ts'
import type { Trace } from '../trace/trace.ts'

/** What is asked: a store's runs. */
export interface Traces {
  /** As it is shown: see `analysis/phased.ts`. Throws UserError('not-found') for a run that is not there. */
  loadTrace(run: number): Trace
  /** As it was recorded. */
  recorded(run: number): Trace
  /** The device's kept noise between captures. */
  noiseFloor(device: string): Floor | undefined
}

export const tracesOf = (store: Pick<Store, 'loadTrace' | 'noiseFloor'>): Traces => ({
  loadTrace: (run) => phased(store.loadTrace(run)),
  recorded: (run) => store.loadTrace(run),
  noiseFloor: (device) => store.noiseFloor(device),
})

/** A page shows no more rows of a report; the command line writes all. */
const MOST_ROWS = 5_000

/** Runs of a side, and how the diff is asked for. */
export interface DiffChoice {
  readonly base: readonly number[]
  readonly candidate: readonly number[]
  readonly pairs: readonly string[]
  readonly device: number | undefined
}

function sidesOf(
  { loadTrace, noiseFloor }: Traces,
  base: readonly number[],
  candidate: readonly number[],
  device?: number,
) {
  const traces = (runs: readonly number[]): Trace[] => runs.map((run) => loadTrace(run))
  return pooledPair(traces(base), traces(candidate), noiseFloor, device)
}

/** Each takes the traces and plain data, and gives plain data: both must be able to cross to another thread. */
export const questions = {
  tracks: ({ loadTrace }: Traces, run: number) => publicTracks(loadTrace(run)),
  tile: ({ loadTrace }: Traces, run: number, track: string, level: number, index: number) =>
    encodeTile(tileOf(loadTrace(run), track, level, index)),
  names: ({ loadTrace }: Traces, run: number, chunk: number) =>
    loadTrace(run).strings.slice(chunk * NAMES_CHUNK, (chunk + 1) * NAMES_CHUNK),
  span: ({ loadTrace }: Traces, run: number, table: string, row: number) =>
    spanDetail(loadTrace(run), table, row),
  relations: ({ loadTrace }: Traces, run: number, table: string, row: number) =>
    relationsOf(loadTrace(run), table, row),
  search: ({ loadTrace }: Traces, run: number, query: string, limit: number) =>
    searchNames(loadTrace(run), query, limit),
  nearest: ({ loadTrace }: Traces, run: number, table: string, name: string, fromNs: number, toNs: number) =>
    nearestNamed(loadTrace(run), table, name, fromNs, toNs),
  window: ({ loadTrace }: Traces, run: number, fromNs: number, toNs: number) =>
    windowContents(loadTrace(run), fromNs, toNs),
  gap: ({ loadTrace }: Traces, run: number, device: number, atNs: number) =>
    gapAt(loadTrace(run), device, atNs),
  gapBefore: ({ loadTrace }: Traces, run: number, op: number) => gapBefore(loadTrace(run), op),
  stretches: ({ loadTrace }: Traces, run: number) => stretchesOf(loadTrace(run)),
  alignment: (
    { loadTrace }: Traces,
    base: number,
    candidate: number,
    pairs: readonly string[] = [],
    device?: number,
  ) => alignmentOf(loadTrace(base), loadTrace(candidate), pairs, device),
  diff: (traces: Traces, { base, candidate, pairs, device }: DiffChoice) => {
    const [a, b] = sidesOf(traces, base, candidate, device)
    // What `diff --json` prints, less the gates: typed here so that the page's schema cannot drift from it.
    const found = diffOf(a, b, pairs)
    const answer = { ...found, components: components(a, b, { pairs: found.alignment.byHand }) }
    return answer satisfies Readonly<Omit<DiffAnswer, 'base' | 'candidate'>>
  },
  claims: (traces: Traces, file: ClaimsFile, base: readonly number[], candidate: readonly number[]) => {
    const [a, b] = sidesOf(traces, base, candidate)
    return judgeClaims(file, a, b) satisfies ClaimsAnswer
  },
  nsysReports: ({ recorded }: Traces, run: number) => reportsOf(recorded(run)),
  nsysReport: ({ recorded }: Traces, run: number, id: string) => {
    const report = nsysReportOf(id)
    return documentOf(report, runReport(report, recorded(run)), MOST_ROWS)
  },
  lacking: ({ loadTrace }: Traces, run: number): Lacking => {
    const trace = loadTrace(run)
    return Object.fromEntries(Object.values(analyses).map((one) => [one.id, missingOf(one, trace)]))
  },
  analysis: (
    { loadTrace }: Traces,
    run: number,
    id: string,
    query: Readonly<Record<string, string | undefined>>,
  ) => {
    const analysis = analysisOf(id)
    const result = runAnalysis(analysis, loadTrace(run), parseParameters(analysis, query))
    return { analysis: analysis.id, run, result, tables: analysis.tables(result) }
  },
} as const

export type Question = keyof typeof questions
type Rest<Q extends Question> = Parameters<(typeof questions)[Q]> extends [Traces, ...infer R] ? R : never
/** What a question takes beside the traces, and what it gives. */
export type Asked<Q extends Question> = Rest<Q>
export type Answered<Q extends Question> = ReturnType<(typeof questions)[Q]>
