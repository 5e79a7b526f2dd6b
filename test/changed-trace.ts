/** A trace as another capture of the same work might have it. */
import type { Trace, TraceFacts } from '../trace/trace.ts'

/** With other facts. */
export const withFacts = (trace: Trace, facts: Partial<TraceFacts>): Trace => ({
  ...trace,
  meta: { ...trace.meta, facts: { ...trace.meta.facts, ...facts } },
})
/** With the node of a graph that each op is. */
export const withNodes = (trace: Trace, ...nodes: bigint[]): Trace => ({
  ...trace,
  device_op: { ...trace.device_op, graphNode: BigInt64Array.from(nodes) },
})
