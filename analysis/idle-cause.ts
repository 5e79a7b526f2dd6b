/**
 * Why a device was idle: each nanosecond of a gap takes the first line of IDLE_CAUSES that applies.
 *
 * N is the op that ends the gap, [ls, le] the API call that launched it, T the thread of that call.
 *
 *   T       |== sync ==|  host  |ls = launch = le|
 *   device  KKKK|g0 ···········································g1|N
 *                sync-turnaround · host-work · launch-call · submission-latency
 *
 * If le ≤ g0, N was already submitted while the device worked: the whole gap is handover. Where N's stream had been made to
 * wait for work of another device, the time after le until that work ended is dependency-wait (`dependencies.ts`).
 */
import { NONE } from '../trace/column.ts'
import { DeviceOpKind } from '../trace/tables.ts'
import { isRecorded } from '../trace/trace.ts'
import type { Trace } from '../trace/trace.ts'
import { CAUSE } from './causes.ts'
import type { CauseSink } from './causes.ts'
import { dependencies } from './dependencies.ts'
import type { Dependencies } from './dependencies.ts'
import { derived } from './derived.ts'
import { hostTime, layersOf } from './host-time.ts'
import type { Layers } from './host-time.ts'

/** Splits the gaps of a trace into their causes. */
export class GapClassifier {
  readonly #trace: Trace
  readonly #reason: string
  readonly #proved: Dependencies['proved']
  /** The layers of each thread row, made when first asked for. */
  readonly #layers: Layers[] = []

  constructor(trace: Trace) {
    this.#trace = trace
    this.#reason = whyUnknown(trace)
    this.#proved = dependencies(trace).proved
  }

  /** `next` is the op that ends the gap, NONE after the last; `isFirst` says that nothing ran before. */
  split(from: number, to: number, next: number, isFirst: boolean, sink: CauseSink): void {
    const { kind, launch: launches } = this.#trace.device_op
    if (next === NONE) return sink.begin(from, CAUSE['after-last'])
    if (isFirst) return sink.begin(from, CAUSE['before-first'])
    if (kind[next] === DeviceOpKind.node) return sink.begin(from, CAUSE.dispatch)
    const launch = launches === undefined ? NONE : launches[next]!
    if (launch === NONE) return sink.begin(from, CAUSE.unknown, this.#reason)
    const { start, duration, thread } = this.#trace.api_call
    const ls = start[launch]!
    const le = ls + duration[launch]!
    const isEarly = le <= from
    if (!isEarly) {
      const layers = (this.#layers[thread[launch]!] ??= layersOf(this.#trace, thread[launch]!))
      hostTime(layers, from, le < to ? le : to, ls, launch, sink)
    }
    let now = isEarly ? from : le
    const dependency = this.#proved.size === 0 ? undefined : this.#proved.get(next)
    // An op that began before what it should wait for had ended contradicts the evidence.
    if (dependency !== undefined && dependency.until > now && dependency.until <= to) {
      sink.begin(now, CAUSE['dependency-wait'], undefined, 'api_call', dependency.wait)
      now = dependency.until
    }
    if (now < to)
      sink.begin(now, isEarly ? CAUSE.handover : CAUSE['submission-latency'], undefined, 'api_call', launch)
  }
}

export const classifier = derived((trace) => new GapClassifier(trace))

function whyUnknown(trace: Trace): string {
  if (!isRecorded(trace, 'api_call')) return 'API calls were not recorded'
  const dropped = trace.diagnostic.text
  for (let i = 0; i < trace.diagnostic.length; i++)
    if (/dropped|Not all CUDA events/.test(trace.strings[dropped[i]!]!))
      return 'no launch was recorded for the op that ends the gap; the capture dropped events'
  return 'no launch was recorded for the op that ends the gap'
}
