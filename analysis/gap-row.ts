/**
 * One idle gap as it is shown: what ends it, and its causes in time order, each with the record that shows it.
 */
import { NONE } from '../trace/column.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { callName } from '../trace/call-name.ts'
import { callsAround, rangeAround } from './host-place.ts'
import { dependencies } from './dependencies.ts'
import { IDLE_CAUSES } from './causes.ts'
import { classifier } from './idle-cause.ts'
import type { CauseSink, Evidence } from './causes.ts'
import type { Ownership } from './ownership.ts'
import { phaseOfOps, phaseTree, rangeName } from './phase-tree.ts'

type Place = Evidence | { table: 'range'; row: number }

export interface GapCause {
  cause: string
  startNs: number
  ns: number
  /** Why it is unknown, or why no dependency is claimed; of host work outside all ranges the calls that it lies between. */
  reason?: string
  /** The call, wait or overhead row that shows it; of host work the innermost range around it. */
  evidence?: Place & { name: string }
  /** Of a dependency-wait: the op that had to end first; absent where only the event's own time tells. */
  waitedFor?: { row: number; name: string; device: number }
}

export interface GapRow {
  device: number
  startNs: number
  durNs: number
  /** The op that ends it; null after the last. */
  next: { row: number; name: string } | null
  phase: string
  /** In time order; their ns sum to durNs. */
  causes: GapCause[]
}

/** A run of idle segments of a device, cut at a window. */
export interface FoundGap {
  from: number
  to: number
  /** First and last of the segments that it is cut from. */
  first: number
  last: number
}

/** A gap with its causes. The whole gap is classified, then cut: a window changes no cause. */
export function gapRow(trace: Trace, ownership: Ownership, gap: FoundGap): GapRow {
  const { start, op, end, device } = ownership
  const next = op[gap.last]!
  const to = start[gap.last + 1] ?? end
  const starts: Omit<GapCause, 'ns'>[] = []
  const begin: CauseSink['begin'] = (at, cause, reason, table, row) => {
    const name = IDLE_CAUSES[cause]!
    const why = reason ?? whyNoDependency(trace, name, next)
    starts.push({
      cause: name,
      startNs: at,
      ...(why === undefined ? {} : { reason: why }),
      ...(table === undefined || row === undefined
        ? {}
        : { evidence: { table, row, name: nameOf(trace, { table, row }) } }),
      ...(name === 'dependency-wait' ? waitedFor(trace, next) : {}),
    })
  }
  classifier(trace).split(start[gap.first]!, to, next, gap.first === 0, { begin })
  const causes = starts.flatMap((one, k): GapCause[] => {
    const until = starts[k + 1]?.startNs ?? to
    const startNs = Math.max(one.startNs, gap.from)
    const ns = Math.min(until, gap.to) - startNs
    if (ns <= 0) return []
    // The whole stretch is looked up, then cut: a window changes no evidence.
    return [
      {
        ...one,
        ...(one.cause === 'host-work' ? hostPlace(trace, next, one.startNs, until) : {}),
        startNs,
        ns,
      },
    ]
  })
  return {
    device,
    startNs: gap.from,
    durNs: gap.to - gap.from,
    next: next === NONE ? null : { row: next, name: trace.strings[trace.device_op.name[next]!]! },
    phase: phaseTree(trace).paths[next === NONE ? 0 : phaseOfOps(trace)[next]!]!,
    causes,
  }
}

/** Where the thread was that launched what ends the gap, from one time to another: in a range, else between two calls. */
function hostPlace(
  trace: Trace,
  next: number,
  from: number,
  to: number,
): Pick<GapCause, 'evidence' | 'reason'> {
  const launch = trace.device_op.launch?.[next] ?? NONE
  if (launch === NONE) return {}
  const thread = trace.api_call.thread[launch]!
  const row = rangeAround(trace, thread, from, to)
  if (row !== NONE) return { evidence: { table: 'range', row, name: rangeName(trace, row) } }
  const { before, after } = callsAround(trace, thread, from)
  const parts = [
    ...(before === NONE ? [] : [`after ${callName(nameOf(trace, { table: 'api_call', row: before }))}`]),
    ...(after === NONE ? [] : [`before ${callName(nameOf(trace, { table: 'api_call', row: after }))}`]),
  ]
  return { reason: `in no range; ${parts.join(', ')}` }
}

/** What a dependency-wait was for. */
function waitedFor(trace: Trace, next: number): Pick<GapCause, 'waitedFor'> {
  const on = dependencies(trace).proved.get(next)?.on ?? NONE
  if (on === NONE) return {}
  const name = trace.strings[trace.device_op.name[on]!]!
  return { waitedFor: { row: on, name, device: trace.device_op.device[on]! } }
}

/** Where the op's stream was made to wait for an event, but the trace does not tell which record of it. */
function whyNoDependency(trace: Trace, cause: string, next: number): string | undefined {
  const isAfterLaunch = cause === 'handover' || cause === 'submission-latency'
  if (!isAfterLaunch || !dependencies(trace).unproved.has(next)) return undefined
  return isRecorded(trace, 'cuda_event')
    ? 'its stream was made to wait for an event; which record of it was meant, or what came before, is not told'
    : 'its stream was made to wait for an event; records of events are not in this capture'
}

function nameOf(trace: Trace, { table, row }: Evidence): string {
  const name = trace[table].name?.[row] ?? NONE
  return name === NONE ? '' : trace.strings[name]!
}
