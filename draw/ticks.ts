/** Marks of a time axis: round positions with short labels in one unit, "0", "0.5 ms", "1 ms". */
import { ticks } from 'd3-array'

export interface Tick {
  readonly at: number
  readonly label: string
}

const UNITS = [
  { size: 3600e9, from: 3600e9, name: 'h' },
  // As in format.ts: seconds up to 999 s.
  { size: 60e9, from: 999.5e9, name: 'min' },
  { size: 1e9, from: 1e9, name: 's' },
  { size: 1e6, from: 1e6, name: 'ms' },
  { size: 1e3, from: 1e3, name: 'µs' },
  { size: 1, from: 0, name: 'ns' },
]

/** About `count` round times from `fromNs` to `toNs`. The unit follows the later end, so that it never changes midway. */
export function timeTicks(fromNs: number, toNs: number, count: number): Tick[] {
  if (!(toNs > fromNs)) return []
  const { size, name } = UNITS.find((unit) => Math.abs(toNs) >= unit.from)!
  return ticks(fromNs / size, toNs / size, Math.max(2, count)).map((value) => ({
    at: Math.round(value * size),
    label: value === 0 ? '0' : `${value.toLocaleString('en-US', { maximumFractionDigits: 9 })} ${name}`,
  }))
}
