/** Why a device may have been idle, and how the parts of a gap are told. docs/analyses/gaps.md says what each means. */

export const IDLE_CAUSES = [
  'before-first',
  'after-last',
  'unknown',
  'dependency-wait',
  'handover',
  'submission-latency',
  'profiler-overhead',
  'module-load',
  'launch-call',
  'sync-turnaround',
  'alloc',
  'blocking-copy',
  'other-api',
  'os-wait',
  'host-work',
  'dispatch',
] as const
export type IdleCause = (typeof IDLE_CAUSES)[number]

/** Index of each cause in IDLE_CAUSES. */
export const CAUSE = Object.fromEntries(IDLE_CAUSES.map((name, i) => [name, i])) as Record<IdleCause, number>

/** The record that shows a cause: the call, the overhead row, the wait. */
export interface Evidence {
  table: 'api_call' | 'os_call' | 'overhead'
  row: number
}

/** Takes the parts of a gap in time order. (No object is made: a capture has a gap or two for each of its kernels.) */
export interface CauseSink {
  /** Begins a part at `at`; it lasts to the next one's, or to the gap's end. `table` and `row` are its evidence. */
  begin(at: number, cause: number, reason?: string, table?: Evidence['table'], row?: number): void
}
