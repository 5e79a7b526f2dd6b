/**
 * Cutting a device's time at windows.
 */
import type { Trace } from '../trace/trace.ts'
import type { Window } from './busy.ts'
import { deviceWork, opsByDevice } from './device-work.ts'
import { BUSY_CLASSES, classOfOps } from './kernel-class.ts'
import type { Ownership } from './ownership.ts'

/** Calls `visit` with each segment that shares time with a window, and how much. Windows are disjoint and ascending. */
export function forEachOwned(
  ownership: Ownership,
  windows: readonly Window[],
  visit: (segment: number, length: number) => void,
): void {
  const { start, end } = ownership
  const last = start.length - 1
  for (const [from, to] of windows) {
    for (let i = Math.max(0, lastAtOrBefore(start, from)); i <= last && start[i]! < to; i++) {
      const next = i < last ? start[i + 1]! : end
      const length = (next < to ? next : to) - (start[i]! > from ? start[i]! : from)
      if (length > 0) visit(i, length)
    }
  }
}

/** Σ of op durations clipped to the windows, by busy class. */
export function clippedDurations(trace: Trace, device: number, windows: readonly Window[]): Float64Array {
  const sums = new Float64Array(BUSY_CLASSES.length)
  const rows = opsByDevice(trace)[device] ?? new Uint32Array(0)
  const classes = classOfOps(trace)
  const { start, duration } = trace.device_op
  const longest = deviceWork(trace).longestNs[device] ?? 0
  for (const [from, to] of windows) {
    // An op that starts before the window can reach in only from as far back as the longest op is long.
    for (let k = firstRowFrom(start, rows, from - longest); k < rows.length; k++) {
      const op = rows[k]!
      if (start[op]! >= to) break
      const end = start[op]! + duration[op]!
      const length = (end < to ? end : to) - (start[op]! > from ? start[op]! : from)
      if (length > 0) sums[classes[op]!]! += length
    }
  }
  return sums
}

/** Index of the last value ≤ x in an ascending array; −1 when all are greater. */
export function lastAtOrBefore(values: Float64Array, x: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! <= x) low = middle + 1
    else high = middle
  }
  return low - 1
}

function firstRowFrom(start: Float64Array, rows: Uint32Array, x: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (start[rows[middle]!]! >= x) high = middle
    else low = middle + 1
  }
  return low
}
