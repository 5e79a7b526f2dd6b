/** A counter's value with its unit: "61.2 %", "1.41 GHz", "5.70 GiB", "282 W". */
import type { Track } from '../../trace/timeline.ts'
import { formatPercent, formatScaled, formatValue } from '../../trace/number-format.ts'

/** `unit` as the trace has it: "%", "Hz", "B", "W", anything; '' where none was told. */
export function sampleValue(value: number, unit = ''): string {
  switch (unit) {
    case '%':
      return formatPercent(value)
    case 'B':
      return formatValue(value, 'bytes')
    case 'B/s':
      return formatValue(value, 'bytes/s')
    case 'Hz':
      return formatScaled(value, 'Hz')
    default:
      return unit === '' ? formatValue(value) : `${formatValue(value)} ${unit}`
  }
}

/** What a counter's lane spans: from 0, or the lowest value below it, to the highest of the run; a share always to 100 %. */
export function scaleOf({ low = 0, high = 1, unit }: Pick<Track, 'low' | 'high' | 'unit'>): {
  low: number
  high: number
} {
  const bottom = Math.min(0, low)
  const top = Math.max(unit === '%' ? 100 : 0, high)
  return { low: bottom, high: top > bottom ? top : bottom + 1 }
}
