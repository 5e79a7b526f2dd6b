/**
 * How the runtime's own session records nest, and which of them a node ran in.
 *
 *   model_run                     ├──────────────────────────┤
 *     SequentialExecutor::Execute  ├────────────────────────┤
 *       nodes                       ├──┤├───┤├─────────┤├──┤
 *
 * Start and duration are cut to whole microseconds each by itself, so a record can seem to end up to 1 µs after the one
 * around it (10.9…20.2 µs is written as 10 + 9, inside 10.1…20.1, written as 10 + 10). One that sticks out by no more
 * is cut to it.
 */
import type { SessionRecord } from './profile.ts'

const RESOLUTION_NS = 1000

export interface SessionNode {
  record: SessionRecord
  startNs: number
  durationNs: number
  /** Index of the record around it. */
  parent: number | undefined
  depth: number
}

/** Nests records that are sorted by start (longer first), thread by thread. */
export function nestSessions(records: readonly SessionRecord[]): SessionNode[] {
  const open = new Map<number, number[]>()
  const nodes: SessionNode[] = []
  records.forEach((record, index) => {
    const { startNs } = record
    let endNs = startNs + record.durationNs
    const stack = open.get(record.tid) ?? []
    const around = stack.filter((at) => endOf(nodes[at]!) > startNs)
    const parent = around.findLast((at) => endOf(nodes[at]!) + RESOLUTION_NS >= endNs)
    if (parent !== undefined) endNs = Math.min(endNs, endOf(nodes[parent]!))
    const depth = parent === undefined ? 0 : nodes[parent]!.depth + 1
    nodes.push({ record, startNs, durationNs: endNs - startNs, parent, depth })
    open.set(record.tid, [...around, index])
  })
  return nodes
}

/** For each item in time order, the index of the innermost record of its thread that contains its start. */
export function innermostAt(
  sessions: readonly SessionNode[],
  items: readonly { startNs: number; tid: number }[],
): (number | undefined)[] {
  const open = new Map<number, number[]>()
  let next = 0
  return items.map(({ startNs, tid }) => {
    while (next < sessions.length && sessions[next]!.startNs <= startNs) {
      const { tid: own } = sessions[next]!.record
      open.set(own, [...(open.get(own) ?? []).filter((at) => endOf(sessions[at]!) > startNs), next++])
    }
    return (open.get(tid) ?? []).findLast((at) => endOf(sessions[at]!) > startNs)
  })
}

const endOf = (node: { startNs: number; durationNs: number }): number => node.startNs + node.durationNs
