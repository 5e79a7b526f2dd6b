/**
 * Blocking syncs: how long the host waited, in which phase it waited, and whose device work it waited for.
 *
 *   cpu   |== Frame_Attention ==[ sync ............ ]|
 *   gpu   | Global_Attention (the layer before) ████████|       the wait is Global_Attention's time, not Frame_Attention's
 *
 * A call waits for work of its own process alone, and of one context where a record of the sync names its stream. (The device
 * in such a record is no help: nsys writes 0 for every process that sees one device.)
 */
import { NONE } from '../trace/column.ts'
import type { Trace } from '../trace/trace.ts'
import { callsOfKinds } from './api-kind.ts'
import { lastAtOrBefore } from './clip.ts'
import { derived } from './derived.ts'
import { isIdle, ownerships } from './ownership.ts'
import { phaseOfOps, phaseTree } from './phase-tree.ts'

export interface BlockingSync {
  /** Row of api_call. */
  call: number
  /** Index of the phase the host was in. */
  phase: number
  /** Device time inside the wait, by index of the phase it belongs to. */
  waitedFor: ReadonlyMap<number, number>
}

const BACKTRACE = 67

/** Every blocking sync and blocking copy of the capture, in time order. */
export const blockingSyncs = derived((trace): readonly BlockingSync[] => {
  const { eventClass, start, duration, range } = trace.api_call
  const { phaseOfRange } = phaseTree(trace)
  const found: BlockingSync[] = []
  for (const call of callsOfKinds(trace, ['sync', 'blocking-copy'])) {
    if (eventClass?.[call] === BACKTRACE) continue
    const around = range?.[call] ?? NONE
    found.push({
      call,
      phase: around === NONE ? 0 : phaseOfRange[around]!,
      waitedFor: workInside(trace, call, start[call]!, start[call]! + duration[call]!),
    })
  }
  return found
})

/** Context of the stream that a call waited for, by call; absent where no record, or several, tell of it. */
const contextOfSync = derived(({ sync, stream }): ReadonlyMap<number, number | undefined> => {
  const contexts = new Map<number, number | undefined>()
  for (let row = 0; row < sync.length; row++) {
    const call = sync.apiCall?.[row] ?? NONE
    const lane = sync.stream?.[row] ?? NONE
    if (call === NONE || lane === NONE) continue
    const context = stream.context[lane]!
    contexts.set(call, contexts.has(call) && contexts.get(call) !== context ? undefined : context)
  }
  return contexts
})

/** Owned device time that a call may have waited for, from one time to another, by phase. */
function workInside(trace: Trace, call: number, from: number, to: number): Map<number, number> {
  const { stream } = trace.device_op
  const { process: processes, context: contexts } = trace.stream
  const process = trace.thread.process[trace.api_call.thread[call]!]
  const context = contextOfSync(trace).get(call)
  const mayWaitFor = Array.from(
    processes,
    (one, lane) => one === process && (context === undefined || contexts[lane] === context),
  )
  const phases = phaseOfOps(trace)
  const work = new Map<number, number>()
  const add = (phase: number, time: number): void => {
    if (time > 0) work.set(phase, (work.get(phase) ?? 0) + time)
  }
  for (const { start, owner, op, end } of ownerships(trace)) {
    // Ops one after the other are mostly of one phase.
    let last = 0
    let sum = 0
    for (let i = Math.max(0, lastAtOrBefore(start, from)); i < start.length && start[i]! < to; i++) {
      if (isIdle(owner[i]!) || !mayWaitFor[stream[op[i]!]!]) continue
      const until = i + 1 < start.length ? start[i + 1]! : end
      const time = Math.min(until, to) - Math.max(start[i]!, from)
      if (time <= 0) continue
      const phase = phases[op[i]!]!
      if (phase !== last) {
        add(last, sum)
        last = phase
        sum = 0
      }
      sum += time
    }
    add(last, sum)
  }
  return work
}
