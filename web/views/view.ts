/** What a view of a run is: declared as data, listed in `index.ts`. */
import type { Component } from 'svelte'
import type { AnalysisInfo, Lacking, RunInfo } from '../../trace/api.ts'

export interface ViewProps {
  run: RunInfo
  analyses: readonly AnalysisInfo[]
  /** The run was edited: here is what it is now. */
  onrun: (run: RunInfo) => void
  /** Which view shows an analysis, and what it is called. */
  viewOf: (analysis: string) => { id: string; title: string }
}

export interface View {
  /** In the address: /runs/3/<id>. */
  readonly id: string
  readonly title: string
  /** The analysis it shows. The view stands in the list only where the server has it; absent: always. */
  readonly analysis?: string
  /** Further analyses that it shows, and that need no table of their own in the list. */
  readonly covers?: readonly string[]
  /** "p" makes it "g p". */
  readonly key?: string
  readonly component: Component<ViewProps>
  /** Takes the whole room, without margins, and scrolls by itself. */
  readonly fills?: boolean
}

/** What the run lacks for an analysis; empty when it can be answered. The server's own rule (analysis/analysis.ts). */
export function missing(run: RunInfo, analysis: AnalysisInfo | undefined, lacking: Lacking = {}): string[] {
  if (analysis === undefined) return []
  return lacking[analysis.id] ?? analysis.needs.filter((table) => isAbsent(run, table))
}

/** Whether it takes the server to tell: a table is absent that other tables may stand for. */
export const mustAsk = (run: RunInfo, analysis: AnalysisInfo | undefined): boolean =>
  missing(run, analysis).length === 0 && (analysis?.derivable ?? []).some((table) => isAbsent(run, table))

const isAbsent = (run: RunInfo, table: string): boolean => !run.recorded.includes(table) && !run.counts[table]

/** The view of an analysis; its tables where it has none of its own. */
export function viewOf(
  id: string,
  views: readonly View[],
  analyses: readonly AnalysisInfo[],
): { id: string; title: string } {
  const named = views.find((one) => one.analysis === id) ?? analyses.find((one) => one.id === id)
  return { id: named?.id ?? id, title: named?.title ?? id }
}
