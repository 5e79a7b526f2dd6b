/**
 * The shape that most of nsys' summaries share: durations in groups, the longest total first.
 *
 *   Time (%) | Total Time (ns) | Instances | Avg (ns) | Med (ns) | Min (ns) | Max (ns) | StdDev (ns) | … what they are of
 */
import type { Groups } from '../groups.ts'
import { integers, listed, tenths } from './report.ts'
import type { Cell, ReportColumn, ReportRows } from './report.ts'
import { roundToTenths } from './rounding.ts'
import { statisticsOf } from '../statistics.ts'

/** The statistics' columns; `count` is what nsys calls the number of rows in this report. */
export const durationColumns = (count: string): ReportColumn[] => [
  ...tenths('Time (%)'),
  ...integers('Total Time (ns)', count),
  ...tenths('Avg (ns)', 'Med (ns)'),
  ...integers('Min (ns)', 'Max (ns)'),
  ...tenths('StdDev (ns)'),
]

/** NaN is an absent cell. */
export const orNull = (value: number): Cell => (Number.isNaN(value) ? null : value)
export const tenthsOrNull = (value: number): Cell => (Number.isNaN(value) ? null : roundToTenths(value))

/**
 * One row a group: `durations` aligned with the groups' rows (NaN: no duration), `keys` gives the cells after the statistics
 * from a group's first row. The percentage is of all groups together.
 */
export function durationSummary(
  durations: Float64Array,
  groups: Groups,
  keys: (firstRow: number) => readonly Cell[],
): ReportRows {
  const s = statisticsOf(durations, groups)
  const rowsOfGroup = new Float64Array(groups.count)
  for (let row = 0; row < durations.length; row++) rowsOfGroup[groups.of[row]!]!++
  const all = s.total.reduce((sum, total) => sum + total, 0)
  const order = Array.from(groups.first.keys()).sort((a, b) => s.total[b]! - s.total[a]!)
  return listed(
    order.map((g) => [
      all === 0 ? null : roundToTenths((100 * s.total[g]!) / all),
      s.count[g] === 0 ? null : s.total[g]!,
      rowsOfGroup[g]!,
      tenthsOrNull(s.average[g]!),
      tenthsOrNull(s.median[g]!),
      orNull(s.minimum[g]!),
      orNull(s.maximum[g]!),
      roundToTenths(s.deviation[g]!),
      ...keys(groups.first[g]!),
    ]),
  )
}
