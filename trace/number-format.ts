/**
 * Numbers as people read them: three significant digits and a unit. The exact value stands beside each, for hover and copy.
 *
 * Every function takes plain numbers; a value that is not finite is written "—".
 */

export type Unit =
  | 'ns'
  | 'instant'
  | 'bytes'
  | 'count'
  | 'percent'
  | 'ratio'
  | 'bytes/s'
  | 'flop'
  | 'flop/s'
  | 'text'
  | 'prose'

export const NONE = '—'
const MINUS = '\u2212'

interface Step {
  size: number
  unit: string
}

const TIME: readonly Step[] = [
  { size: 1, unit: 'ns' },
  { size: 1e3, unit: 'µs' },
  { size: 1e6, unit: 'ms' },
  { size: 1e9, unit: 's' },
]
const LONG: readonly Step[] = [
  { size: 1e9 * 60, unit: 'min' },
  { size: 1e9 * 3600, unit: 'h' },
]
const BYTES: readonly Step[] = [
  { size: 1, unit: 'B' },
  { size: 2 ** 10, unit: 'KiB' },
  { size: 2 ** 20, unit: 'MiB' },
  { size: 2 ** 30, unit: 'GiB' },
  { size: 2 ** 40, unit: 'TiB' },
]
const si = (unit: string): Step[] =>
  ['', 'k', 'M', 'G', 'T', 'P'].map((prefix, i) => ({ size: 1000 ** i, unit: prefix + unit }))
const RATE = si('B/s')
const FLOP = si('FLOP')
const FLOP_RATE = si('FLOP/s')

/** 17,338,123,456 → "17.3 s"; 950 → "950 ns"; 62.4 s stays in seconds, 1,000 s is "16.7 min". */
export const formatNs = (ns: number): string => stepped(ns, Math.abs(ns) < 999.5e9 ? TIME : LONG, 1000)
/**
 * A point of the run's axis, close enough to find it on the timeline, where "72.6 s" is a stretch of 100 ms:
 * 72,612,345,678 → "72.612345 s", 612,345,678 → "612.345 ms".
 */
export function formatInstant(ns: number): string {
  if (!Number.isFinite(ns)) return NONE
  const size = Math.abs(ns)
  const step = TIME[size >= 1e9 ? 3 : size >= 1e6 ? 2 : size >= 1e3 ? 1 : 0]
  const text = step.size === 1 ? grouped(size) : (size / step.size).toFixed(step.size === 1e9 ? 6 : 3)
  return `${ns < 0 ? MINUS : ''}${text} ${step.unit}`
}
/** 14,680,064 → "14.0 MiB". */
export const formatBytes = (bytes: number): string => stepped(bytes, BYTES, 1024)

/** Of a unit that takes prefixes: (1,410,000,000, "Hz") → "1.41 GHz". */
export const formatScaled = (value: number, unit: string): string => stepped(value, si(unit), 1000)

/** 47960 → "47,960": a count is exact, always. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return NONE
  const text = grouped(Math.abs(value))
  return value < 0 ? MINUS + text : text
}

/** Per cent, 0 to 100: 99.84 → "99.8 %", 3.456 → "3.46 %", 0.098 → "0.10 %", 0.004 → "< 0.01 %", 100 → "100 %". */
export function formatPercent(percent: number): string {
  if (!Number.isFinite(percent)) return NONE
  const size = Math.abs(percent)
  if (size === 0) return '0 %'
  if (size < 0.005) return `${percent < 0 ? `> ${MINUS}` : '< '}0.01 %`
  // 99.97 must not become "100 %": what is not all of it does not read as all of it.
  const text = size < 100 && size >= 99.95 ? '> 99.9' : size < 9.995 ? size.toFixed(2) : digits(size)
  return `${percent < 0 ? MINUS : ''}${text} %`
}

/** A part of a whole in per cent; nothing of nothing is "—". */
export const formatShare = (part: number, whole: number): string => formatPercent((100 * part) / whole)

/** 1.1095 → "1.11×". */
export const formatRatio = (ratio: number): string =>
  Number.isFinite(ratio) ? `${significant(ratio)}×` : NONE

/** Three significant digits and the unit. */
export function formatValue(value: number, unit?: Unit): string {
  switch (unit) {
    case 'ns':
      return formatNs(value)
    case 'instant':
      return formatInstant(value)
    case 'bytes':
      return formatBytes(value)
    case 'percent':
      return formatPercent(value)
    case 'ratio':
      return formatRatio(value)
    case 'bytes/s':
      return stepped(value, RATE, 1000)
    case 'flop':
      return stepped(value, FLOP, 1000)
    case 'flop/s':
      return stepped(value, FLOP_RATE, 1000)
    case 'count':
      return formatCount(value)
    default:
      return Number.isInteger(value) ? formatCount(value) : significant(value)
  }
}

const EXACT: Record<Unit, string> = {
  ns: 'ns',
  instant: 'ns',
  bytes: 'B',
  count: '',
  percent: '%',
  ratio: '×',
  'bytes/s': 'B/s',
  flop: 'FLOP',
  'flop/s': 'FLOP/s',
  text: '',
  prose: '',
}
/** The whole value: 17338123456 of ns → "17,338,123,456 ns". */
export function exactValue(value: number, unit?: Unit): string {
  if (!Number.isFinite(value)) return NONE
  const text = `${value < 0 ? MINUS : ''}${grouped(Math.abs(value))}`
  const name = unit === undefined ? '' : EXACT[unit]
  return name === '' ? text : `${text} ${name}`
}

/** With its sign, for differences: "+1.23 ms", "−1.70 s", "0 ns". */
export function formatSigned(value: number, unit?: Unit): string {
  return value > 0 ? `+${formatValue(value, unit)}` : formatValue(value, unit)
}

function stepped(value: number, steps: readonly Step[], carry: number): string {
  if (!Number.isFinite(value)) return NONE
  const size = Math.abs(value)
  let i = steps.findLastIndex((step) => size >= step.size)
  if (i < 0) i = 0
  let text = digits(size / steps[i].size)
  // 999.7 µs rounds to "1,000 µs": that is 1.00 ms.
  if (
    Number(text.replaceAll(',', '')) >= carry &&
    i + 1 < steps.length &&
    steps[i + 1].size / steps[i].size === carry
  )
    text = digits(size / steps[++i].size)
  // Whole nanoseconds and bytes have no decimals to show.
  if (steps[i].size === 1 && Number.isInteger(value)) text = grouped(size)
  return `${value < 0 ? MINUS : ''}${text} ${steps[i].unit}`
}

/** Three significant digits of a positive number, thousands grouped: 1.23, 12.3, 123, 1,234. */
function digits(value: number): string {
  if (value === 0) return '0'
  if (value >= 999.5) return grouped(Math.round(value))
  const text = value.toPrecision(3)
  return text.includes('e') ? Number(text).toString() : text
}
const significant = (value: number): string =>
  Number.isFinite(value) ? (value < 0 ? MINUS : '') + digits(Math.abs(value)) : NONE
const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 20 })
