/** NVTX ranges by name: all of them, push/pop alone, start/end alone. Cross-thread ranges count; nothing is subtracted. */
import type { Trace } from '../../trace/trace.ts'
import { durationColumns, durationSummary } from './duration-summary.ts'
import { groupRows } from '../groups.ts'
import { NVTX } from './needs.ts'
import { lastNvtxTime, nvtxRanges, rangeEnds, STYLES } from './nvtx-ranges.ts'
import { report, texts } from './report.ts'
import type { ReportRows } from './report.ts'
import { numberColumn, rowsWhere, taken } from '../rows.ts'

const NEEDS = [{ table: 'StringIds' }, { table: NVTX }] as const

function summary(trace: Trace, style?: number): ReportRows {
  const ranges = nvtxRanges(trace)
  const ends = rangeEnds(trace, lastNvtxTime(trace, 'rows'))
  const chosen = rowsWhere(ranges.length, (i) => style === undefined || ranges.style[i] === style)
  const durations = numberColumn(
    chosen.length,
    (k) => ends[chosen[k]!]! - trace.range.start[ranges.row[chosen[k]!]!]!,
  )
  const styles = taken(ranges.style, chosen)
  const names = taken(ranges.name, chosen)
  return durationSummary(durations, groupRows(chosen.length, [names, styles]), (i) => {
    const name = ranges.names[names[i]!]!
    return style === undefined ? [STYLES[styles[i]!]!, name] : [name]
  })
}

export const nvtxSum = report({
  id: 'nvtx_sum',
  title: 'NVTX range summary',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [...durationColumns('Instances'), ...texts('Style', 'Range')],
  rows: (trace) => summary(trace),
})

export const nvtxPushpopSum = report({
  id: 'nvtx_pushpop_sum',
  title: 'NVTX push/pop range summary',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [...durationColumns('Instances'), ...texts('Range')],
  rows: (trace) => summary(trace, 0),
})

export const nvtxStartendSum = report({
  id: 'nvtx_startend_sum',
  title: 'NVTX start/end range summary',
  kind: 'report',
  needs: NEEDS,
  parameters: {},
  columns: [...durationColumns('Instances'), ...texts('Range')],
  rows: (trace) => summary(trace, 1),
})
