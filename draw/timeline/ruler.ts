/**
 * Ticks at round times. When absolute times would need more than six digits, ticks count from a base that is said once:
 *
 *   12.3 s    12.4 s    12.5 s              base 12.345 678 s:   +0 ns    +20 ns    +40 ns
 */
import type { Viewport } from './viewport.ts'

export interface Ticks {
  ticks: { x: number; ns: number; label: string }[]
  /** What the labels count from; undefined where they are absolute. */
  base: string | undefined
  stepNs: number
}

const UNITS = [
  { ns: 1e9, name: 's' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e3, name: 'µs' },
  { ns: 1, name: 'ns' },
] as const

/** 1, 2 or 5 times a power of ten, at least `least` (and at least 1 ns). */
export function roundStep(least: number): number {
  if (least <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  for (const factor of [1, 2, 5]) if (factor * power >= least * 0.999_999) return factor * power
  return 10 * power
}

/** Ticks about `gapPx` apart. */
export function ticksOf(view: Viewport, gapPx = 100): Ticks {
  const stepNs = roundStep(((view.to - view.from) / view.width) * gapPx)
  const first = Math.ceil(view.from / stepNs)
  const last = Math.floor(view.to / stepNs)
  const isRelative = Math.max(Math.abs(first), Math.abs(last)) >= 1e6
  // The base is a round time left of the first tick: a whole hundred of steps.
  const baseNs = isRelative ? Math.floor(first / 100) * 100 * stepNs : 0
  const unit = UNITS.find(({ ns }) => stepNs >= ns) ?? UNITS[3]
  const ticks = []
  for (let i = first; i <= last; i++) {
    const ns = i * stepNs
    ticks.push({
      ns,
      x: ((ns - view.from) / (view.to - view.from)) * view.width,
      label: `${isRelative ? '+' : ''}${grouped((ns - baseNs) / unit.ns)} ${unit.name}`,
    })
  }
  return { ticks, stepNs, base: isRelative ? seconds(baseNs) : undefined }
}

/** −1234.5 → "−1,234.5"; what a division left in the last binary digits is rounded away. */
const grouped = (value: number): string => NUMBER.format(Number(value.toPrecision(12))).replace('-', '\u2212')
const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })

/** 12345678900 ns → "12.345 678 900 s": all digits, in threes. */
export function seconds(ns: number): string {
  const size = Math.abs(Math.round(ns))
  const fraction = String(size % 1e9).padStart(9, '0')
  const digits = `${fraction.slice(0, 3)} ${fraction.slice(3, 6)} ${fraction.slice(6)}`
  return `${ns < 0 ? '\u2212' : ''}${Math.floor(size / 1e9)}.${digits} s`
}
