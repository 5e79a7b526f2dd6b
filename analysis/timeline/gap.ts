/**
 * One gap of a device, with everything that explains it:
 *
 *   thread   |== sync ==|   work   |launch|
 *   device  AAA|·············gap···········|N         parts: sync-turnaround · host-work · launch-call · submission-latency
 */
import { NONE } from '../../trace/column.ts'
import { UserError } from '../../trace/errors.ts'
import type { Gap, SpanPlace } from '../../trace/timeline.ts'
import type { Trace } from '../../trace/trace.ts'
import { isIdle, OWNERS, ownerships } from '../ownership.ts'
import type { Ownership } from '../ownership.ts'
import { durationAt, startAt } from './lane-index.ts'
import { placeOf, spanTable } from './places.ts'
import { rowAt } from './spans.ts'
import type { Lane } from './spans.ts'
import { findTrack } from './timeline.ts'

/** The gap that an op ended. Throws UserError('not-found') where the device was busy until then. */
export function gapBefore(trace: Trace, op: number): Gap {
  spanTable(trace, 'device_op', op)
  return gapAt(trace, trace.device_op.device[op]!, trace.device_op.start[op]! - 1)
}

/** The gap of a device that contains `timeNs`. Throws UserError('not-found') where the device was busy then. */
export function gapAt(trace: Trace, device: number, timeNs: number): Gap {
  const ownership = ownerships(trace).find((one) => one.device === device)
  const segment = ownership === undefined ? -1 : segmentAt(ownership, timeNs)
  if (ownership === undefined || segment < 0 || !isIdle(ownership.owner[segment]!))
    throw new UserError('not-found', `device ${device} has no gap at ${timeNs} ns`)
  const { owner, start, end, op, reason, reasons } = ownership
  let first = segment
  while (first > 0 && isIdle(owner[first - 1]!)) first--
  let last = segment
  while (last + 1 < owner.length && isIdle(owner[last + 1]!)) last++
  const endOf = (i: number): number => start[i + 1] ?? end
  const parts: Gap['parts'] = []
  for (let i = first; i <= last; i++)
    parts.push({
      owner: OWNERS[owner[i]!]!,
      startNs: start[i]!,
      durNs: endOf(i) - start[i]!,
      reason: reasons[reason[i]!] ?? '',
    })
  const next = op[last]!
  const launch = next === NONE ? NONE : (trace.device_op.launch?.[next] ?? NONE)
  const [startNs, endNs] = [start[first]!, endOf(last)]
  return {
    device,
    startNs,
    endNs,
    parts,
    next: next === NONE ? null : placeOf(trace, 'device_op', next),
    launch: launch === NONE ? null : placeOf(trace, 'api_call', launch),
    previous: first === 0 ? null : placeOf(trace, 'device_op', op[first - 1]!),
    during: launch === NONE ? null : longestDuring(trace, trace.api_call.thread[launch]!, startNs, endNs),
  }
}

function segmentAt({ start, end }: Ownership, time: number): number {
  if (start.length === 0 || time < start[0]! || time >= end) return -1
  let low = 0
  let high = start.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The API call of the thread with the largest part in [from, to), else the OS call; null where it was in neither. */
function longestDuring(trace: Trace, thread: number, from: number, to: number): SpanPlace | null {
  for (const [prefix, table] of [
    ['api', 'api_call'],
    ['os', 'os_call'],
  ] as const) {
    const data = findTrack(trace, `${prefix}-${thread}`)
    let best = NONE
    let most = 0
    for (const lane of data?.lanes ?? [])
      for (
        let i = lastStartedBefore(lane, to);
        i >= 0 && startAt(lane, i) + durationAt(lane, i) > from;
        i--
      ) {
        const part = Math.min(to, startAt(lane, i) + durationAt(lane, i)) - Math.max(from, startAt(lane, i))
        // Of two calls with equal parts the inner one says more; it is on a lower lane, so it comes later.
        if (part < most) continue
        most = part
        best = rowAt(lane.columns, lane.at[i]!)
      }
    if (best !== NONE) return placeOf(trace, table, best)
  }
  return null
}

/** Position of the lane's last span that starts before `time`; −1 without one. */
function lastStartedBefore(lane: Lane, time: number): number {
  let low = 0
  let high = lane.at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startAt(lane, middle) < time) low = middle + 1
    else high = middle
  }
  return low - 1
}
