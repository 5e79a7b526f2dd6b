/**
 * The arrows from a call to the work it launched. Perfetto draws one id as a chain, from each event that has it to the next,
 * so every op has an id of its own: its call lists the ids of all, and each ends at its op.
 *
 *   cudaGraphLaunch   flow_ids 5, 6, 7         one id for all would be drawn
 *     ├─► kernel A    terminating_flow_ids 5     call ─► A ─► B ─► C
 *     ├─► kernel B    terminating_flow_ids 6   as if A had launched B.
 *     └─► kernel C    terminating_flow_ids 7
 */
import type { Writer } from 'protobufjs'
import { derived } from '../analysis/derived.ts'
import { NONE } from '../trace/column.ts'
import type { TrackKind } from '../trace/timeline.ts'
import type { Trace } from '../trace/trace.ts'
import { EVENT } from './perfetto-fields.ts'

/** An op's own id: 0 would be no flow. */
const idOf = (op: number): number => op + 1

/** Writes the ids of the flows that begin or end at a span into its event. */
export function flowsOf(body: Writer, trace: Trace, kind: TrackKind, row: number): void {
  if (row === NONE) return
  if (kind === 'device-stream') {
    if ((trace.device_op.launch?.[row] ?? NONE) !== NONE)
      body.uint32(EVENT.terminatingFlowIds).fixed64(idOf(row))
  } else if (kind === 'thread-api') {
    const { first, next } = opsByCall(trace)
    for (let op = first[row]!; op !== NONE; op = next[op]!) body.uint32(EVENT.flowIds).fixed64(idOf(op))
  }
}

/** For each API call the first op that it launched, and for each op the next of the same call; NONE where there is none. */
const opsByCall = derived((trace): { first: Uint32Array; next: Uint32Array } => {
  const launch = trace.device_op.launch ?? new Uint32Array()
  const first = new Uint32Array(trace.api_call.length).fill(NONE)
  const next = new Uint32Array(launch.length).fill(NONE)
  for (let op = launch.length - 1; op >= 0; op--) {
    const call = launch[op]!
    if (call === NONE) continue
    next[op] = first[call]!
    first[call] = op
  }
  return { first, next }
})
